/** The identifiers that services and files of titles share. */
export type OutsideId = 'imdb' | 'tmdb' | 'isbn' | 'goodreads';

export type OutsideIds = { [kind in OutsideId]?: string };

const NORMAL: { [kind in OutsideId]: (text: string) => string | undefined } = {
  imdb: imdbId,
  tmdb: wholeNumber,
  isbn: isbnCore,
  goodreads: wholeNumber,
};

/** One form of an identifier, or undefined for a text that is none. */
export function outsideId(kind: OutsideId, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' || text.length > 200 ? undefined : NORMAL[kind](text);
}

/** tt0111161, 0111161, 111161 and an address of imdb.com are the same; a shorter number may be a rating. */
function imdbId(text: string): string | undefined {
  const [, digits] = /^(?:.*\b)?tt(\d{1,10})\b/u.exec(text) ?? /^(\d{4,10})(?:\.0)?$/u.exec(text) ?? [];
  return digits === undefined || Number(digits) === 0 ? undefined : String(Number(digits));
}

function wholeNumber(text: string): string | undefined {
  const [, digits] = /^(\d{1,12})(?:\.0)?$/u.exec(text) ?? [];
  return digits === undefined || Number(digits) === 0 ? undefined : String(Number(digits));
}

/** The nine digits that an ISBN-10 and its ISBN-13 share; ="0439023483" is how Goodreads keeps the zero in Excel. */
function isbnCore(text: string): string | undefined {
  const plain = text.replace(/[^\dX]/giu, '').toUpperCase();
  if (!/^[="\d\sX-]+$/iu.test(text)) return undefined;
  if (/^978\d{10}$/u.test(plain)) return plain.slice(3, 12);
  if (/^979\d{10}$/u.test(plain)) return plain.slice(0, 12);
  // A spreadsheet drops the zeros in front.
  return /^\d{6,9}[\dX]$/u.test(plain) && Number(plain.slice(0, -1)) > 0
    ? plain.padStart(10, '0').slice(0, 9)
    : undefined;
}
