/** What a note is about. */
export type NoteCode =
  /** A column got its role, or a feature its kind, by its values alone. */
  | 'column-guessed'
  /** A column was left out though it could be a rating, a time or a feature. */
  | 'column-ignored'
  /** Entries of the lower half of their scale are left out for a model of what was taken. */
  | 'disliked'
  /** The letters of a text were guessed. */
  | 'encoding-guessed'
  /** No column is a rating: each row says that somebody took something. */
  | 'implicit'
  /** Ratings were replaced by later ones of the same title. */
  | 'repeated-titles'
  /** Rows have several kinds of events. */
  | 'events'
  /** Day and month of the dates could be exchanged. */
  | 'date-order'
  /** Rows were left out. */
  | 'rows-skipped'
  /** The scale of the ratings was guessed. */
  | 'scale-guessed'
  /** Ratings of 0 are read as none. */
  | 'zero-unrated'
  /** Lines before the table, or comments, were left out. */
  | 'lines-skipped'
  /** Some bytes are not in the encoding of the text, or its encoding was told from its bytes. */
  | 'encoding-guessed'
  /** A comma in the ratings was taken for a decimal point, or for a separator of thousands. */
  | 'numbers-guessed'
  /** Of two formats that the text may have, one was taken. */
  | 'format-guessed'
  /** The file is a dense matrix: what its rows and columns are. */
  | 'matrix'
  /** Rare values of a field of features have one column together, or none. */
  | 'values-pooled'
  /** Some values mean that there is no rating. */
  | 'missing-guessed'
  /** A workbook has several sheets, of which one is read. */
  | 'sheet-chosen';

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
