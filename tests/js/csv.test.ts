import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { CsvReader, type Dialect } from '../../bindings/js/io/syntax/csv.js';

interface Found {
  rows: string[][];
  lines: number[];
  bad: { line: number; column: number }[];
}

/** Reads a text that arrives in these pieces. */
async function read(pieces: string[], dialect: Dialect): Promise<Found> {
  const found: Found = { rows: [], lines: [], bad: [] };
  const add = (fields: string[], line: number) => {
    if (fields.length === 1 && fields[0]!.trim() === '') return;
    found.rows.push(fields.map((field) => field.replace(/\r$/, '')));
    found.lines.push(line);
  };
  const reader = new CsvReader(dialect, {
    plain: (text, start, end, line) => add(text.slice(start, end).split(dialect.delimiter), line),
    fields: add,
    bad: (line, column) => found.bad.push({ line, column }),
  });
  for (const piece of pieces) await reader.push(piece);
  await reader.end();
  return found;
}

function cut(text: string, places: number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => text.slice(start, ends[index] ?? text.length));
}

const dialects: Dialect[] = [
  { delimiter: ',', newline: '\n' },
  { delimiter: ';', newline: '\n' },
  { delimiter: '::', newline: '\n' },
  { delimiter: '\t', newline: '\n' },
  { delimiter: ',', newline: '\r' },
];

/** Fields that make CSV hard: with quotes, delimiters or newlines, or empty. */
const field = fc.string({ unit: fc.constantFrom('a', '7', '"', ',', ';', ':', '\n', ' ', 'é', ''), maxLength: 6 });
const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 });
const places = fc.array(fc.nat(10_000), { maxLength: 12 });

describe('CsvReader', () => {
  test.each(dialects)('reads what was written, however the text is cut: $delimiter', async ({ delimiter, newline }) => {
    const written = fc.record({ rows: table, crlf: fc.boolean(), ends: fc.boolean(), all: fc.boolean(), places });
    await fc.assert(
      fc.asyncProperty(written, async ({ rows, crlf, ends, all, places }) => {
        const end = newline === '\r' ? '\r' : crlf ? '\r\n' : '\n';
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const isHard = (text: string) => /["\n\r\s]/.test(text) || text.includes(delimiter) || text.endsWith(':');
        const cell = (text: string) => (all || isHard(text) ? quote(text) : text);
        const text = rows.map((row) => row.map(cell).join(delimiter)).join(end) + (ends ? end : '');
        const found = await read(cut(text, places), { delimiter, newline });
        expect(found).toMatchObject({ rows, bad: [] });
        expect(found.lines).toEqual(linesOf(rows, newline));
      }),
      { numRuns: 150 },
    );
  });

  test('splits a text without quotes as Papa Parse does', async () => {
    const line = fc.string({ unit: fc.constantFrom('1', 'a', ',', ' ', '.'), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), places, async (lines, places) => {
        const text = lines.join('\n');
        const papa = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n', skipEmptyLines: 'greedy' });
        const { rows } = await read(cut(text, places), dialects[0]!);
        const isBlank = (row: string[]) => row.every((cell) => cell.trim() === '');
        expect(rows.filter((row) => !isBlank(row))).toEqual(papa.data);
      }),
    );
  });

  test('errors are the same wherever the text is cut', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, places, async (text, places) => {
        expect(await read(cut(text, places), dialects[0]!)).toEqual(await read([text], dialects[0]!));
      }),
      { numRuns: 500 },
    );
  });

  test('a stray quote costs one line', async () => {
    const found = await read(['1,"a"b,3\n2,c,4\n3,"d",5\n4,"e\n5,f,6\n'], dialects[0]!);
    expect(found.rows).toEqual([
      ['2', 'c', '4'],
      ['3', 'd', '5'],
      ['5', 'f', '6'],
    ]);
    expect(found.bad).toEqual([
      { line: 1, column: 2 },
      { line: 4, column: 2 },
    ]);
  });

  test('an unclosed quote costs one line, however long the file is', async () => {
    const pieces = ['1,2,3\n4,"5\n', ...Array.from({ length: 40 }, () => '6,7,8\n'.repeat(10_000)), '9,"",10\n'];
    const found = await read(pieces, dialects[0]!);
    expect(found.bad).toEqual([{ line: 2, column: 2 }]);
    expect(found.rows.length).toBe(400_002);
    expect(found.lines.at(-1)).toBe(400_003);
  });

  test('a quote that closes far below does not swallow the rows between', async () => {
    const found = await read(['1,"2,3\n4,5,6\n7,8,9\n4,5,6\n7,8",9\n'], { ...dialects[0]!, width: 3 });
    expect(found.bad).toEqual([{ line: 1, column: 2 }]);
    expect(found.rows.slice(0, 3)).toEqual([
      ['4', '5', '6'],
      ['7', '8', '9'],
      ['4', '5', '6'],
    ]);
  });

  test('a record in many small pieces is not read again for each', async () => {
    const field = 'x\n'.repeat(16_000);
    const work = async (size: number) => {
      let scanned = 0;
      const reader = new CsvReader(dialects[0]!, { plain: () => {}, fields: () => {}, bad: () => {} });
      const indexOf = String.prototype.indexOf;
      String.prototype.indexOf = function (this: string, ...given) {
        scanned += this.length;
        return indexOf.apply(this, given);
      };
      try {
        await reader.push('1,"');
        for (let at = 0; at < size; at += 8) await reader.push(field.slice(at, at + 8));
      } finally {
        String.prototype.indexOf = indexOf;
      }
      return scanned;
    };
    expect(await work(32_000)).toBeLessThan(3 * (await work(16_000)));
  });
});

/** The line that each row begins on, when its fields have newlines. */
function linesOf(rows: string[][], newline: string): number[] {
  let line = 1;
  return rows.map((row) => {
    const begins = line;
    line += 1 + row.join('').split(newline).length - 1;
    return begins;
  });
}
