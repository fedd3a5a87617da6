import { show } from '../../base/show.js';
import { wholeNumber } from '../../ratings/ids.js';
import { parseDecimal } from '../syntax/number.js';
import type { EntrySink, LineFormat, LineReader } from './entry-sink.js';

/** A label, then features `index:value`, of libffm `field:index:value`, and a comment. */
const LINE = /^[+-]?[\d.]+(?:e[+-]?\d+)?(?:\s+(?:\d+:)?\d+:[+-]?[\d.]+(?:e[+-]?\d+)?)+\s*$/i;

/**
 * libsvm's text: a line is either a rating with the features of its user and its item (libFM), or the row of a user with an
 * `item:rating` each. With the same number of features in all lines, each 1 and of an own range, it is the former.
 */
export const libsvm: LineFormat = {
  recognizes: (lines) => lines.length > 0 && lines.every((line) => LINE.test(withoutComment(line))),
  reader: (sink, lines) => new LibsvmReader(sink, lines.map(parsed)),
};

interface Line {
  label: string;
  features: { index: string; value: string }[];
}

function withoutComment(line: string): string {
  return line.replace(/#.*$/, '').trim();
}

function parsed(line: string): Line {
  const [label = '', ...fields] = withoutComment(line).split(/\s+/);
  const features = fields
    .filter((field) => !field.startsWith('qid:'))
    .map((field) => {
      const parts = field.split(':');
      return { index: parts.at(-2) ?? '', value: parts.at(-1) ?? '' };
    });
  return { label, features };
}

/** Whether each line is a rating: the positions have disjoint ranges of indices, first the users, then the items. */
function areRatings(lines: Line[]): boolean {
  const width = lines[0]?.features.length ?? 0;
  if (width < 2 || lines.some(({ features }) => features.length !== width)) return false;
  if (lines.some(({ features }) => features.some(({ value }) => Number(value) !== 1))) return false;
  const range = (position: number) => lines.map(({ features }) => Number(features[position]!.index));
  return Math.max(...range(0)) < Math.min(...range(1));
}

class LibsvmReader implements LineReader {
  readonly #areRatings: boolean;
  /** Whether the label of a row is its user; else the number of the row is. */
  readonly #labelsAreUsers: boolean;
  #rows = 0;

  constructor(
    readonly sink: EntrySink,
    lines: Line[],
  ) {
    this.#areRatings = areRatings(lines);
    const labels = new Set(lines.map(({ label }) => label));
    this.#labelsAreUsers = labels.size === lines.length && [...labels].every((label) => wholeNumber(label) >= 0);
    const titles = this.#areRatings ? ['user', 'item', 'label'] : ['row', 'index', 'value'];
    sink.begin({ format: 'libsvm', delimiter: ' ', titles, columns: { user: 0, item: 1, rating: 2 } });
    sink.note('format-guessed', this.#meaning(lines));
  }

  #meaning([first]: Line[]): string {
    if (this.#areRatings) {
      const others = (first?.features.length ?? 0) > 2 ? ', and the other features are left out' : '';
      return `Each line is a rating: the label, of the user and the item that the first two features are${others}.`;
    }
    const user = this.#labelsAreUsers ? 'with its id as the label' : 'numbered from 1, whose label is left out';
    return `Each line is a user, ${user}; a feature is an item and its rating.`;
  }

  line(text: string, number: number): void {
    if (withoutComment(text) === '') return;
    const { label, features } = parsed(text);
    this.#rows++;
    if (this.#areRatings) {
      this.#rating(label, features, number);
      return;
    }
    const user = this.#labelsAreUsers ? label : this.#rows;
    for (const [position, { index, value }] of features.entries()) {
      const rating = parseDecimal(value);
      const place: [number, number] = [number, position + 2];
      if (Number.isNaN(rating) || wholeNumber(index) < 0)
        this.sink.bad(place, `the feature must be item:rating; it is ${show(`${index}:${value}`)}`);
      else this.sink.add(user, index, rating, place);
    }
  }

  end(): void {}

  #rating(label: string, features: Line['features'], number: number): void {
    const rating = parseDecimal(label);
    const [user, item] = features;
    if (Number.isNaN(rating)) this.sink.bad([number, 1], `the label must be a finite number; it is ${show(label)}`);
    else if (!user || !item || wholeNumber(user.index) < 0 || wholeNumber(item.index) < 0)
      this.sink.bad([number, 2], 'the line must have the features user:1 and item:1');
    else this.sink.add(user.index, item.index, rating, [number, 1]);
  }
}
