/** What a comma means in the numbers of a column: a decimal point, or thousands; `european` has points for thousands. */
export type CommaStyle = 'decimal' | 'european' | 'thousands';

const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const DECIMAL = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i;
const EUROPEAN = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;

/**
 * Tells the style from the cells of a column; undefined if none has a comma, or if they disagree. `1,234` alone may be either: it
 * is a guess, a decimal where semicolons separate fields, as in the countries that write decimal commas, thousands elsewhere.
 */
export function commaStyle(
  cells: readonly string[],
  delimiter: string,
): { style: CommaStyle; isGuess: boolean } | undefined {
  const texts = cells.map((cell) => cell.trim());
  const withComma = texts.filter((cell) => cell.includes(',') && (THOUSANDS.test(cell) || isDecimal(cell)));
  if (withComma.length === 0) return undefined;
  const onlyDecimal = withComma.filter((cell) => !THOUSANDS.test(cell) || /^[+-]?0/.test(cell));
  const onlyThousands = withComma.filter((cell) => !isDecimal(cell));
  if (onlyDecimal.length > 0 && onlyThousands.length > 0) return undefined;
  const decimal = withComma.some((cell) => cell.includes('.')) ? 'european' : 'decimal';
  if (onlyDecimal.length > 0) return { style: decimal, isGuess: false };
  if (onlyThousands.length > 0) return { style: 'thousands', isGuess: false };
  return { style: delimiter === ';' ? 'decimal' : 'thousands', isGuess: true };
}

function isDecimal(cell: string): boolean {
  return DECIMAL.test(cell) || EUROPEAN.test(cell);
}

/** The number as programs write it, with a decimal point alone; other texts stay as they are. */
export function withPoint(text: string, style: CommaStyle | undefined): string {
  if (style === 'thousands') return THOUSANDS.test(text) ? text.replaceAll(',', '') : text;
  if (style === 'european' && EUROPEAN.test(text)) return text.replaceAll('.', '').replace(',', '.');
  return style !== undefined && DECIMAL.test(text) ? text.replace(',', '.') : text;
}
