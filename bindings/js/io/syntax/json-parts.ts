import { MatfacError } from '../../base/errors.js';
import type { JsonEntry } from './json-entries.js';
import { noJson } from './json-scanner.js';

const CLOSE = { '[': ']', '{': '}', '': '' };

/**
 * The value of an entry that comes in parts, or the array or object of the elements that a part has.
 * @throws MatfacError `parse-error`.
 */
export function parsedPart({ text, line, isFirst, isLast, bracket }: JsonEntry): unknown {
  const close = CLOSE[bracket];
  // Nothing after a comma is no element.
  const isCut = isLast && !isFirst && text.trim() === close;
  try {
    return JSON.parse(`${isFirst ? '' : bracket}${isCut ? ',' : ''}${text}${isLast ? '' : close}`);
  } catch (cause) {
    throw new MatfacError('parse-error', `Line ${line}: ${noJson(cause)}`, { line, column: 1, cause });
  }
}
