/** What a note is about. */
export type NoteCode =
  /** A role was given to a column by its values alone. */
  | 'column-guessed'
  /** A column was left out though it could be a rating or a time. */
  | 'column-ignored'
  /** No column is a rating: each row says that somebody took something. */
  | 'implicit'
  /** Rows have several kinds of events. */
  | 'events'
  /** Day and month of the dates could be exchanged. */
  | 'date-order'
  /** Rows were left out. */
  | 'rows-skipped';

/** What was guessed, ignored or odd in a file, in one sentence. */
export interface Note {
  code: NoteCode;
  message: string;
}

/** Collects notes; the same sentence is kept once. */
export class Notes {
  readonly #notes = new Map<string, Note>();

  add(code: NoteCode, message: string): void {
    if (!this.#notes.has(message)) this.#notes.set(message, { code, message });
  }

  get list(): Note[] {
    return [...this.#notes.values()];
  }
}
