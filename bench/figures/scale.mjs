// How the cost per rating grows with the ratings, and with the users at the same number of ratings.
import { existsSync } from 'node:fs';
import { sizes } from '../lib/cases.mjs';
import { lineChart } from '../lib/chart.mjs';
import { readColumns, writeColumns } from '../lib/columns-file.mjs';
import { columnsFile, comparisonOfSizes } from '../lib/comparison.mjs';
import { rowsOf } from '../lib/figure.mjs';

const SOLVERS = ['sgd', 'als', 'implicit-als', 'bayesian'];

/** The ratings of ml1m with each user split into `parts`. @param {number} parts */
async function splitUsers(parts) {
  const whole = await columnsFile('ml1m');
  if (parts === 1) return whole;
  const file = whole.replace('ml1m', `ml1m-users-${parts}`);
  if (!existsSync(file)) {
    const columns = readColumns(whole);
    const users = columns.users.map((user, row) => user * parts + (row % parts));
    writeColumns(file, { ...columns, users, userCount: columns.userCount * parts });
  }
  return file;
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  const bySize = [];
  const byUsers = [];
  for (const solver of SOLVERS) {
    log(solver);
    const of = { solver, factors: 64, name: 'wasm', epochs: full ? 5 : 3 };
    bySize.push(...(await comparisonOfSizes({ ...of, sizes: sizes[full ? 'full' : 'quick'] })));
    const parts = full ? [1, 2, 4, 8, 16] : [1, 4];
    const files = [];
    for (const part of parts) files.push(await splitUsers(part));
    const measured = await comparisonOfSizes({ ...of, sizes: files });
    byUsers.push(
      ...measured.map((each, i) => ({
        ...each,
        size: `ml1m, users × ${parts[i]}`,
        users: readColumns(each.size).userCount,
      })),
    );
  }
  const cost = (/** @type {import('../lib/comparison.mjs').Comparison} */ { sides }) =>
    sides[0]?.nanosecondsPerRating ?? 0;
  return {
    title: 'How cost grows with ratings and users (wasm, one thread, 64 factors)',
    notes: [
      'All sizes of a solver run in turn, epoch by epoch; a ratio is that of the cost per rating to the first size.',
    ],
    rows: [...bySize, ...byUsers].flatMap((each) => rowsOf(each, limits)),
    charts: {
      'scale-ratings': lineChart({
        title: 'Nanoseconds per rating by number of ratings, 64 factors, wasm',
        x: 'ratings',
        logX: true,
        logY: true,
        points: bySize
          .toSorted((a, b) => a.ratings - b.ratings)
          .map((each) => ({ x: each.ratings, y: cost(each), line: each.solver })),
      }),
      'scale-users': lineChart({
        title: 'Nanoseconds per rating by number of users, a million ratings, 64 factors, wasm',
        x: 'users',
        logX: true,
        logY: true,
        points: byUsers.map((each) => ({ x: each.users, y: cost(each), line: each.solver })),
      }),
    },
  };
}
