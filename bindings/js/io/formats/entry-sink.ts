import type { NoteCode } from '../../ratings/notes.js';
import type { RowLayout } from '../../ratings/ratings-source.js';
import type { ReadOptions } from '../../ratings/read-options.js';

/** Where an entry is: the line of the text and the field, both from 1. */
export type Place = [line: number, column: number];

/** Receives the entries of a ratings matrix. */
export interface EntrySink {
  readonly options: ReadOptions;
  /** Called once, before the first entry. */
  begin(layout: RowLayout): void;
  /** Text that is a plain whole number becomes a number if all ids of its side are. Without a column of ratings, `value` is 1. */
  add(user: string | number, item: string | number, value: number, place: Place, timestamp?: number): void;
  bad(place: Place, reason: string): void;
  note(code: NoteCode, message: string): void;
}

/** Reads the lines of a text, blank ones included. */
export interface LineReader {
  line(text: string, number: number): void;
  /** After the last line, whose number is given. */
  end(last: number): void;
}

/** A format of text that consists of lines. */
export interface LineFormat {
  /** Whether the first lines, without blank ones, are of this format. */
  recognizes(lines: string[]): boolean;
  /** `lines` are the first ones, for what must be known before the first entry. */
  reader(sink: EntrySink, lines: string[]): LineReader;
}

/** The titles of the columns of an entry, by which `columns` can swap users and items. */
export const ENTRY_TITLES = ['row', 'column', 'value'];
