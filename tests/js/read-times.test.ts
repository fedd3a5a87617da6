import fc from 'fast-check';
import { Ratings, type ReadOptions } from 'matfac';
import { describe, expect, test } from 'vitest';
import { failure } from './support/failure.js';

const read = (lines: string[], options?: ReadOptions) => Ratings.fromFile(lines.join('\n'), options);
const fileOf = (times: string[]) => ['user,item,rating,date', ...times.map((time, row) => `${row},x,5,"${time}"`)];
const timesOf = async (times: string[], options?: ReadOptions) =>
  [...(await read(fileOf(times), options))].map(({ timestamp }) => timestamp);
const seconds = (text: string) => Date.parse(text) / 1000;

describe('times are seconds since 1970', () => {
  test.each([
    ['1396868400', '2014-04-07T11:00:00Z'],
    ['1396868400123', '2014-04-07T11:00:00.123Z'],
    ['1396868400250000', '2014-04-07T11:00:00.250Z'],
    ['1396868400000000000', '2014-04-07T11:00:00Z'],
    ['2014-04-07', '2014-04-07T00:00:00Z'],
    ['2014-4-7', '2014-04-07T00:00:00Z'],
    ['2014/04/07', '2014-04-07T00:00:00Z'],
    ['2014.04.07 10:51', '2014-04-07T10:51:00Z'],
    ['2014-04-07 10:51:09', '2014-04-07T10:51:09Z'],
    ['2014-04-07T10:51:09.277Z', '2014-04-07T10:51:09.277Z'],
    ['2014-04-07T10:51:09+02:00', '2014-04-07T08:51:09Z'],
    ['2014-04-07 10:51:09 -0530', '2014-04-07T16:21:09Z'],
    ['2014-04-07 10:51:09 UTC', '2014-04-07T10:51:09Z'],
    ['07.04.2014', '2014-04-07T00:00:00Z'],
    ['07.04.14 10:51', '2014-04-07T10:51:00Z'],
    ['25/12/2014', '2014-12-25T00:00:00Z'],
    ['12/25/2014', '2014-12-25T00:00:00Z'],
    ['12/25/2014 12:30 AM', '2014-12-25T00:30:00Z'],
    ['12/25/2014 12:30 pm', '2014-12-25T12:30:00Z'],
    ['09 13, 2009', '2009-09-13T00:00:00Z'],
    ['Tue Apr 03 18:00:09 +0000 2012', '2012-04-03T18:00:09Z'],
    ['Tue, 03 Apr 2012 18:00:09 GMT', '2012-04-03T18:00:09Z'],
    ['April 3, 2012', '2012-04-03T00:00:00Z'],
    ['3-Apr-12', '2012-04-03T00:00:00Z'],
    ['3. März 2012', '2012-03-03T00:00:00Z'],
    ['3 juillet 2012', '2012-07-03T00:00:00Z'],
    ['3 de agosto de 2012', '2012-08-03T00:00:00Z'],
    ['20140407', '2014-04-07T00:00:00Z'],
    ['20140407105109', '2014-04-07T10:51:09Z'],
  ])('%s', async (text, iso) => {
    const [first] = await timesOf([text, text]);
    expect(first).toBeCloseTo(seconds(iso), 5);
  });

  test('days have the seconds that the calendar of the machine gives', async () => {
    const days = Array.from({ length: 1500 }, (_, day) => new Date(day * 31 * 86_400_000));
    const texts = days.map((day) => day.toISOString().slice(0, 10));
    expect(await timesOf(texts)).toEqual(days.map((day) => day.getTime() / 1000));
  });

  test('days that no month has are bad', async () => {
    for (const day of ['2014-02-30', '2013-02-29', '2014-13-01', '2014-00-10', '2014-04-07 25:00', '31.04.2014']) {
      const { skipped } = await read(fileOf(['07.04.2014', '2014-04-07', day]), { badRows: 'skip' });
      expect(skipped.first).toMatchObject([{ line: 4, column: 4 }]);
    }
  });
});

describe('the order of day and month', () => {
  const note = async (times: string[], options?: ReadOptions) => {
    const { notes } = (await read(fileOf(times), options)).source!;
    return notes.filter(({ code }) => code === 'date-order').map(({ message }) => message);
  };

  test('is shown by a day above 12, wherever it stands', async () => {
    const early = Array.from({ length: 9000 }, (_, row) => `0${1 + (row % 9)}/11/2014 10:00`);
    const iso = early.map((text) => seconds(`2014-11-${text.slice(0, 2)}T10:00:00Z`));
    expect(await timesOf([...early, '13/11/2014 10:00'])).toEqual([...iso, seconds('2014-11-13T10:00:00Z')]);
    expect(await note([...early, '13/11/2014 10:00'])).toEqual([
      expect.stringMatching(/day\/month.*'13\/11\/2014 10:00' shows/),
    ]);
  });

  test('is month first where nothing shows it, with a note', async () => {
    expect(await timesOf(['04/07/2014', '05/08/2014'])).toEqual([seconds('2014-04-07'), seconds('2014-05-08')]);
    expect(await note(['04/07/2014', '05/08/2014'])).toEqual([expect.stringMatching(/a guess.*'DD\/MM\/YYYY'/)]);
    expect(await note(['07.04.2014'])).toEqual([]);
  });

  test('cannot be both', async () => {
    const { skipped } = await read(fileOf(['13/11/2014', '11/14/2014']), { badRows: 'skip' });
    expect(skipped.first).toMatchObject([{ line: 3, column: 4 }]);
  });

  test('is that of timeFormat', async () => {
    const options: ReadOptions = { timeFormat: 'DD/MM/YYYY' };
    expect(await timesOf(['04/07/2014'], options)).toEqual([seconds('2014-07-04')]);
    expect(await note(['04/07/2014'], options)).toEqual([]);
  });
});

describe('timeFormat', () => {
  test.each([
    ['MM/DD/YYYY HH:mm', '04/07/2014 10:51', '2014-04-07T10:51:00Z'],
    ['YYYYMMDD', '20140407', '2014-04-07T00:00:00Z'],
    ['DD-MMM-YY', '07-Apr-14', '2014-04-07T00:00:00Z'],
    ['D MMMM YYYY, h:mm a', '7 avril 2014, 1:05 pm', '2014-04-07T13:05:00Z'],
    ['YYYY-MM-DDTHH:mm:ss.SSSZ', '2014-04-07T10:51:09.250+01:00', '2014-04-07T09:51:09.250Z'],
    ['milliseconds', '86400', '1970-01-01T00:01:26.400Z'],
    ['microseconds', '86400000000', '1970-01-02T00:00:00Z'],
    ['seconds', '1396868400123', '46235-07-05T02:42:03Z'],
  ])('%s reads %s', async (timeFormat, text, iso) => {
    const expected = timeFormat === 'seconds' ? Number(text) : seconds(iso);
    expect((await timesOf([text], { timeFormat }))[0]).toBeCloseTo(expected, 5);
  });

  test('a time that is written in another way is bad', async () => {
    const error = await failure(() => timesOf(['2014-04-07'], { timeFormat: 'DD/MM/YYYY' }));
    expect(error).toMatchObject({ code: 'parse-error', line: 2, column: 4 });
    expect(error.message).toMatch(/the timestamp must be DD\/MM\/YYYY; it is '2014-04-07'/);
  });

  test.each(['', 'date', 'DD/MM', 'YYYY', 'MM/MM/DD/YYYY', 'DD xx MM YYYY', 'minutes', 7])(
    '%s is refused',
    async (format) => {
      const error = await failure(() => timesOf(['1'], { timeFormat: format as string }));
      expect(error.code).toBe('invalid-argument');
      expect(error.message).toMatch(/^timeFormat must be 'seconds', .* or a pattern such as .*; it is /);
    },
  );

  test('what a pattern writes is read back', async () => {
    const pad = (value: number, length = 2) => String(value).padStart(length, '0');
    const moment = fc.integer({ min: 0, max: 4_000_000_000 });
    const pattern = fc.constantFrom(
      'DD/MM/YYYY HH:mm:ss',
      'MM-DD-YYYY HH.mm.ss',
      'YYYYMMDD HHmmss',
      'YYYY/MM/DD HH:mm:ss',
    );
    const property = fc.asyncProperty(
      fc.array(moment, { minLength: 1, maxLength: 20 }),
      pattern,
      async (times, timeFormat) => {
        const texts = times.map((time) => {
          const date = new Date(time * 1000);
          return timeFormat
            .replace('YYYY', pad(date.getUTCFullYear(), 4))
            .replace('MM', pad(date.getUTCMonth() + 1))
            .replace('DD', pad(date.getUTCDate()))
            .replace('HH', pad(date.getUTCHours()))
            .replace('mm', pad(date.getUTCMinutes()))
            .replace('ss', pad(date.getUTCSeconds()));
        });
        expect(await timesOf(texts, { timeFormat })).toEqual(times);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });
});

test('milliseconds are read by the reader of lines of numbers too', async () => {
  const rows = Array.from(
    { length: 6000 },
    (_, row) => `${row % 50},${row % 71},${(row % 9) / 2 + 1},${1396868400000 + 1000 * row}`,
  );
  const ratings = await Ratings.fromFile(`user,item,rating,timestamp\n${rows.join('\n')}\n`, { duplicates: 'first' });
  expect([...ratings].map(({ timestamp }) => timestamp).slice(0, 3550)).toEqual(
    Array.from({ length: 3550 }, (_, row) => 1396868400 + row),
  );
});
