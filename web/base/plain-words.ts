/** What only speaks to who calls the library: its options and functions, and the flags of its compiler. */
const CODE =
  /\b(with |: ?)?columns(: ?\{|\.[a-z]|$)|\b(badRows|timeFormat|skipLines|openAsBlob|configure|wasmUrl|workerUrl|dtype|Model\.|Ratings\.|Titles\.)|\bthe option [a-z]+ |\b(file|worker|events|encoding|missing|layout|user|limits|duplicates|format|users|ratings|state): ?(['"{[\d…]|true\b|false\b)|-s[A-Z_]{3}/;

/** A message of the library for a visitor: the clauses that name options, functions or flags are left out. */
export function plainWords(message: string): string {
  const code = CODE.exec(message);
  if (!code) return message;
  const before = message.slice(0, code.index + 2);
  const end = Math.max(...['; ', ': ', '. ', ', which '].map((separator) => before.lastIndexOf(separator)));
  return end > 0 ? message.slice(0, end) : 'The file does not have what was expected';
}
