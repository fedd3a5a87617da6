// The cost of an evaluation: every metric over the full ranking, on one thread and on two.
import { evaluateAsync, Ratings, train } from 'matfac';
import { barChart } from '../lib/chart.mjs';
import { rounded } from '../lib/figure.mjs';
import { median } from '../lib/statistics.mjs';

const ITEMS = 27_000;
const FACTORS = 64;
const RATED = 20;
/** Only the requested metrics are computed; the area under the curve needs the rank of every relevant item. */
const PARTS = {
  'all metrics': undefined,
  'ndcg, recall': /** @type {const} */ (['ndcg', 'recall']),
};

/** The same number of ratings per user, of random items of which some are more frequent. @param {number} users */
function madeUp(users) {
  let state = 1;
  const uniform = () => {
    // Park and Miller's generator.
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const size = users * RATED;
  return Ratings.fromColumns({
    user: Int32Array.from({ length: size }, (_, row) => Math.floor(row / RATED)),
    // Every item is rated at least once.
    item: Int32Array.from({ length: size }, (_, row) => (row < ITEMS ? row : Math.floor(ITEMS * uniform() ** 2))),
    rating: Float32Array.from({ length: size }, () => 1 + Math.floor(5 * uniform())),
  });
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const users = full ? 100_000 : 10_000;
  const { train: rest, test } = madeUp(users).split({ test: 0.1 });
  log(`a model of ${users} users`);
  const model = await train(rest, { solver: 'als', factors: FACTORS, epochs: 1, preference: false });
  const rows = [];
  const bars = [];
  for (const [part, metrics] of Object.entries(PARTS)) {
    /** @type {Map<number, number[]>} */
    const seconds = new Map([
      [1, []],
      [2, []],
    ]);
    // The sides run in turn, so that a drift of the machine's speed affects both.
    for (let turn = 0; turn < 3; turn++) {
      for (const [threads, taken] of seconds) {
        log(`${part}, ${threads} threads, turn ${turn + 1}`);
        const began = performance.now();
        await evaluateAsync(model, test, { threads, ...(metrics && { metrics }) });
        taken.push((performance.now() - began) / 1000);
      }
    }
    for (const [threads, taken] of seconds) {
      const time = median(taken);
      const scores = rest.userCount * rest.itemCount;
      rows.push({
        metrics: part,
        users: rest.userCount,
        items: rest.itemCount,
        factors: FACTORS,
        threads,
        seconds: rounded(time),
        'million scores a second': rounded(scores / time / 1e6),
      });
      bars.push({ group: part, bar: `${threads} thread${threads > 1 ? 's' : ''}`, y: rounded(time) });
    }
  }
  return {
    title: 'Seconds to evaluate a model on the full ranking of all items',
    notes: ['Medians of three runs, at k = 10; the items that a user has rated are not ranked.'],
    rows,
    charts: { judge: barChart({ title: `Seconds to evaluate ${users} users × ${ITEMS} items, k = 64 factors`, bars }) },
  };
}
