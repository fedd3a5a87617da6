// How the cost per rating grows with the ratings, and with the users at the same number of ratings.
import { existsSync } from 'node:fs';
import { sizes } from '../lib/cases.mjs';
import { lineChart } from '../lib/chart.mjs';
import { readColumns, writeColumns } from '../lib/columns-file.mjs';
import { columnsFile, comparisonOfSizes } from '../lib/comparison.mjs';
import { rowsOf } from '../lib/figure.mjs';
import { trafficOf } from '../lib/traffic.mjs';

const SOLVERS = ['sgd', 'bpr', 'als', 'implicit-als', 'variational', 'bayesian'];

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

/** @param {string} file */
function shapeOf(file) {
  const { userCount, itemCount } = readColumns(file);
  return { userCount, itemCount };
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  const bySize = [];
  const byUsers = [];
  for (const solver of SOLVERS) {
    log(solver);
    // variational with the factors that it takes by itself for a million ratings.
    const of = { solver, factors: solver === 'variational' ? 16 : 64, name: 'wasm', epochs: full ? 5 : 3 };
    const measuredSizes = await comparisonOfSizes({ ...of, sizes: sizes[full ? 'full' : 'quick'] });
    for (const each of measuredSizes) bySize.push({ ...each, shape: shapeOf(await columnsFile(each.size)) });
    const parts = full ? [1, 2, 4, 8, 16] : [1, 4];
    const files = [];
    for (const part of parts) files.push(await splitUsers(part));
    const measured = await comparisonOfSizes({ ...of, sizes: files });
    byUsers.push(
      ...measured.map((each, i) => ({
        ...each,
        size: `ml1m, users × ${parts[i]}`,
        shape: shapeOf(each.size),
      })),
    );
  }
  const cost = (/** @type {import('../lib/comparison.mjs').Comparison} */ { sides }) =>
    sides[0]?.nanosecondsPerRating ?? 0;
  return {
    title: 'How cost grows with ratings and users (wasm, one thread, 64 factors; variational 16)',
    notes: [
      'All sizes of a solver run in turn, epoch by epoch; a ratio is that of the cost per rating to the first size.',
      'Bytes at least: ratings and rows of factors, each from memory once for each use in an epoch; rows visited are those that ratings ask for, mostly from caches. Not counted: what variational reads, which is a record of moments a rating.',
    ],
    rows: [...bySize, ...byUsers].flatMap((each) =>
      rowsOf(each, limits).map((row) => ({
        ...row,
        ...trafficOf({ ...each, nanosecondsPerRating: cost(each) }, each.shape, limits.wasm),
      })),
    ),
    charts: {
      'scale-ratings': lineChart({
        title: 'Nanoseconds per rating by number of ratings, wasm',
        x: 'ratings',
        logX: true,
        logY: true,
        points: bySize
          .toSorted((a, b) => a.ratings - b.ratings)
          .map((each) => ({ x: each.ratings, y: cost(each), line: each.solver })),
      }),
      'scale-users': lineChart({
        title: 'Nanoseconds per rating by number of users, a million ratings, wasm',
        x: 'users',
        logX: true,
        logY: true,
        points: byUsers.map((each) => ({ x: each.shape.userCount, y: cost(each), line: each.solver })),
      }),
    },
  };
}
