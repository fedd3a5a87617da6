import { listed } from '../../base/checks.js';
import { MatfacError } from '../../base/errors.js';
import type { Numbered } from './numbered.js';

/** The losses of LIBMF for which fold-in by ridge regression is suitable: squared, absolute, Kullback-Leibler. */
const REAL_VALUED = ['0', '1', '2'];

/**
 * Reads LIBMF's text model: lines `f`, `m`, `n`, `k`, `b` with loss, users, items, factors and mean, then `p0 T …` for each
 * user and `q0 T …` for each item, with F in place of T for those without ratings. Predictions do not include the mean.
 */
export function readLibmf(bytes: Uint8Array): Numbered {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const header = ['f', 'm', 'n', 'k', 'b'].map((name, index) => {
    const [key, value, ...rest] = (lines[index] ?? '').trim().split(/\s+/);
    if (key !== name || value === undefined || rest.length > 0 || Number.isNaN(Number(value))) {
      throw broken(index, `it must be '${name}' and a number, as LIBMF's models begin`);
    }
    return value;
  });
  const [loss, users, items, factors] = header as [string, string, string, string];
  if (!REAL_VALUED.includes(loss)) {
    const message = `The loss f of the LIBMF model must be one that predicts ratings, ${listed(REAL_VALUED)}; it is '${loss}'`;
    throw new MatfacError('unsupported', message);
  }
  const last = 5 + Number(users) + Number(items);
  const excess = lines.findIndex((line, index) => index >= last && line.trim() !== '');
  if (excess >= 0) throw broken(excess, `there are more lines than m ${users} and n ${items} say`);
  const p = rowsOf(lines, 'p', 5, Number(users), Number(factors));
  const q = rowsOf(lines, 'q', 5 + Number(users), Number(items), Number(factors));
  return {
    userFactors: p.vectors,
    userRows: p.rows,
    itemFactors: q.vectors,
    itemRows: q.rows,
    solver: 'sgd',
    regularization: 0.1,
  };
}

function rowsOf(lines: string[], side: 'p' | 'q', first: number, count: number, factors: number) {
  const rows: number[] = [];
  const vectors: number[][] = [];
  for (let row = 0; row < count; row++) {
    const [name, known, ...fields] = (lines[first + row] ?? '').trim().split(/\s+/);
    const numbers = fields.map(Number);
    const isWhole = name === `${side}${row}` && numbers.length === factors && !numbers.some(Number.isNaN);
    if (known === 'F' && name === `${side}${row}`) continue;
    if (!isWhole || known !== 'T') throw broken(first + row, `it must be '${side}${row} T' and ${factors} numbers`);
    rows.push(row);
    vectors.push(numbers);
  }
  return { rows, vectors };
}

function broken(index: number, reason: string): MatfacError {
  return new MatfacError('parse-error', `Line ${index + 1}: ${reason}`, { line: index + 1, column: 1 });
}
