import { show } from '../../base/show.js';
import { parseDecimal } from '../syntax/number.js';
import { Times } from '../syntax/time.js';
import type { EntrySink, LineFormat, LineReader, Place } from './entry-sink.js';

const SHA1 = /^[0-9a-f]{40}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/;
const PLAYS_WIDTH = 4;
const EVENTS_WIDTH = 6;

/**
 * Last.fm's files, without quoting: 360K has users, the ids and names of artists, and plays; 1K has users, times, and the ids and
 * names of artists and of tracks.
 */
export const lastFm: LineFormat = {
  recognizes: (lines) => {
    const rows = lines.map(fieldsOf);
    const isId = (field = '') => field === '' || UUID.test(field);
    const arePlays = (row: string[]) =>
      row.length === PLAYS_WIDTH && SHA1.test(row[0]!) && isId(row[1]) && /^\d+$/.test(row[3]!);
    const isEvent = (row: string[]) =>
      row.length === EVENTS_WIDTH && TIME.test(row[1]!) && isId(row[2]) && isId(row[4]);
    return rows.length > 0 && (rows.every(arePlays) || rows.every(isEvent));
  },
  reader: (sink, lines) => new LastFmReader(sink, fieldsOf(lines[0] ?? '').length === EVENTS_WIDTH),
};

function fieldsOf(line: string): string[] {
  return line.split('\t').map((field) => field.trim());
}

class LastFmReader implements LineReader {
  /** The columns of the item's id and, after it, its name. */
  readonly #id: number;

  readonly #times: Times;

  constructor(
    readonly sink: EntrySink,
    readonly areEvents: boolean,
  ) {
    this.#times = new Times(sink.options.timeFormat);
    this.#id = areEvents ? 4 : 1;
    const titles = areEvents
      ? ['user', 'time', 'artist id', 'artist', 'track id', 'track']
      : ['user', 'artist id', 'artist', 'plays'];
    const columns = { user: 0, item: this.#id, ...(areEvents ? { timestamp: 1 } : { rating: 3 }) };
    sink.begin({ format: 'tsv', delimiter: '\t', titles, columns });
    const what = areEvents ? 'track' : 'artist';
    sink.note('column-guessed', `The item is the id of the ${what}, or its name where it has no id.`);
  }

  line(text: string, number: number): void {
    if (text.trim() === '') return;
    const fields = fieldsOf(text);
    const width = this.areEvents ? EVENTS_WIDTH : PLAYS_WIDTH;
    const place: Place = [number, this.#id + 1];
    const [user, item] = [fields[0], fields[this.#id] || fields[this.#id + 1]];
    const plays = this.areEvents ? 1 : parseDecimal(fields[3] ?? '');
    const time = this.areEvents ? this.#times.read(fields[1] ?? '') : 0;
    if (fields.length !== width)
      this.sink.bad([number, fields.length], `the line must have ${width} fields; it has ${fields.length}`);
    else if (!user || !item) this.sink.bad(user ? place : [number, 1], `the ${user ? 'item' : 'user'} is missing`);
    else if (Number.isNaN(plays))
      this.sink.bad([number, 4], `the plays must be a finite number; it is ${show(fields[3])}`);
    else if (!Number.isFinite(time))
      this.sink.bad([number, 2], `the time must be an ISO date; it is ${show(fields[1])}`);
    else this.sink.add(user, item, plays, place, time);
  }

  end(): void {}
}
