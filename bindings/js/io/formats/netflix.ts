import { show } from '../../base/show.js';
import { parseDecimal } from '../syntax/number.js';
import { Times } from '../syntax/time.js';
import type { EntrySink, LineFormat, LineReader } from './entry-sink.js';

const ITEM = /^([\p{L}\p{N}_-]+):$/u;

/** The files of the Netflix Prize: a line with an item and a colon, then lines of its users, with ratings and dates. */
export const netflix: LineFormat = {
  recognizes: (lines) => {
    const items = lines.filter((line) => ITEM.test(line.trim())).length;
    const areUsers = lines.every((line) => ITEM.test(line.trim()) || /^\d+\s*(,[^,]*){0,2}$/.test(line.trim()));
    return ITEM.test((lines[0] ?? '').trim()) && items < lines.length && areUsers;
  },
  reader: (sink, lines) => new NetflixReader(sink, lines),
};

class NetflixReader implements LineReader {
  #item: string | undefined;
  readonly #rating: number | undefined;
  readonly #timestamp: number | undefined;

  /** Which fields there are is known from the first users: user,rating,date or user,date or user. */
  readonly #times: Times;

  constructor(
    readonly sink: EntrySink,
    lines: string[],
  ) {
    this.#times = new Times(sink.options.timeFormat);
    const first = lines.find((line) => !ITEM.test(line.trim())) ?? '';
    const fields = first.split(',').map((field) => field.trim());
    const isDate = (field: string | undefined) => field !== undefined && /^\d{4}-/.test(field);
    const column = fields.findIndex(isDate);
    this.#timestamp = column > 0 ? column : undefined;
    this.#rating = fields.length > 1 && column !== 1 ? 1 : undefined;
    const kinds = ['user', ...(this.#rating ? ['rating'] : []), ...(this.#timestamp ? ['date'] : []), 'movie'];
    sink.begin({
      format: 'netflix',
      delimiter: ',',
      titles: kinds,
      columns: {
        user: 0,
        item: kinds.length - 1,
        ...(this.#rating ? { rating: 1 } : {}),
        ...(this.#timestamp ? { timestamp: this.#timestamp } : {}),
      },
    });
  }

  line(text: string, number: number): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    const item = ITEM.exec(trimmed)?.[1];
    if (item !== undefined) this.#item = item;
    else if (this.#item === undefined)
      this.sink.bad([number, 1], `a line with the item and a colon must come first; it is ${show(trimmed)}`);
    else this.#take(trimmed.split(','), this.#item, number);
  }

  end(): void {}

  #take(fields: string[], item: string, line: number): void {
    const width = 1 + Math.max(this.#rating ?? 0, this.#timestamp ?? 0);
    if (fields.length < width) {
      this.sink.bad([line, fields.length], `the line must have ${width} fields; it has ${fields.length}`);
      return;
    }
    const user = fields[0]!.trim();
    if (user === '') {
      this.sink.bad([line, 1], 'the user is missing');
      return;
    }
    const value = this.#rating === undefined ? 1 : parseDecimal(fields[this.#rating]!.trim());
    if (Number.isNaN(value)) {
      this.sink.bad([line, 2], `the rating must be a finite number; it is ${show(fields[this.#rating!])}`);
      return;
    }
    const time = this.#timestamp === undefined ? 0 : this.#times.read(fields[this.#timestamp]!.trim());
    if (!Number.isFinite(time)) {
      const column = this.#timestamp! + 1;
      this.sink.bad([line, column], `the date must be an ISO date; it is ${show(fields[this.#timestamp!])}`);
      return;
    }
    this.sink.add(user, item, value, [line, 2], time);
  }
}
