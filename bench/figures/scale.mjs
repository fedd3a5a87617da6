// How the cost of a rating grows with the ratings, and with the users at the same number of ratings.
import { existsSync } from 'node:fs';
import { sizes } from '../lib/cases.mjs';
import { lineChart } from '../lib/chart.mjs';
import { readColumns, writeColumns } from '../lib/columns-file.mjs';
import { columnsFile, comparison } from '../lib/comparison.mjs';
import { rowsOf } from '../lib/figure.mjs';

const SOLVERS = ['sgd', 'als', 'implicit-als', 'bayesian'];

/** The ratings of ml1m with each user split into so many. @param {number} parts */
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
  const epochs = 2;
  const bySize = [];
  for (const size of sizes[full ? 'full' : 'quick']) {
    for (const solver of SOLVERS) {
      log(`${solver}, ${size}`);
      bySize.push(await comparison({ size, solver, factors: 64, names: ['wasm'], epochs }));
    }
  }
  const byUsers = [];
  for (const parts of full ? [1, 2, 4, 8, 16] : [1, 4]) {
    const size = await splitUsers(parts);
    for (const solver of SOLVERS) {
      log(`${solver}, users times ${parts}`);
      const measured = await comparison({ size, solver, factors: 64, names: ['wasm'], epochs });
      byUsers.push({ ...measured, size: `ml1m, users × ${parts}`, users: readColumns(size).userCount });
    }
  }
  const cost = (/** @type {import('../lib/comparison.mjs').Comparison} */ { sides }) =>
    sides[0]?.nanosecondsPerRating ?? 0;
  return {
    title: 'How cost grows with ratings and users (wasm, one thread, 64 factors)',
    notes: [],
    rows: [...bySize, ...byUsers].flatMap((each) => rowsOf(each, limits)),
    charts: {
      'scale-ratings': lineChart({
        title: 'Nanoseconds a rating by number of ratings, 64 factors, wasm',
        x: 'ratings',
        logX: true,
        logY: true,
        points: bySize.map((each) => ({ x: each.ratings, y: cost(each), line: each.solver })),
      }),
      'scale-users': lineChart({
        title: 'Nanoseconds a rating by number of users, a million ratings, 64 factors, wasm',
        x: 'users',
        logX: true,
        logY: true,
        points: byUsers.map((each) => ({ x: each.users, y: cost(each), line: each.solver })),
      }),
    },
  };
}
