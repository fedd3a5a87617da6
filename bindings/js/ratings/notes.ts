/** What a note is about. */
export type NoteCode =
  /** A role was given to a column by its values alone. */
  | 'column-guessed'
  /** A column was left out though it could be a rating or a time. */
  | 'column-ignored'
  /** No column is a rating: each row says that somebody took something. */
  | 'implicit'
  /** Rows were left out. */
  | 'rows-skipped'
  /** Of two formats that the text may have, one was taken. */
  | 'format-guessed'
  /** The file is a dense matrix: what its rows and columns are. */
  | 'matrix'
  /** Some values mean that there is no rating. */
  | 'missing-guessed'
  /** A workbook has several sheets, of which one is read. */
  | 'sheet-chosen'
  /** The text is not UTF-8. */
  | 'encoding-guessed';

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
