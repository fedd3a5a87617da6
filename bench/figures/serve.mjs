// Serving: the best 10 of a million items by float32 factors and by 8 bits, many users together, and a visitor's updates.
import { fileURLToPath } from 'node:url';
import { rounded } from '../lib/figure.mjs';
import { memoryReader } from '../lib/read-memory.mjs';
import { mean, median } from '../lib/statistics.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const FACTORS = 64;
const N = 10;
const none = { floats: new Float32Array(0), indices: new Int32Array(0) };

/** Seeded, normal by Irwin and Hall: the distribution of the scores decides how close the 10th and the 11th are. @param {number} count */
function normals(count) {
  const values = new Float32Array(count);
  let state = 1;
  for (let place = 0; place < count; place++) {
    let sum = -6;
    for (let draw = 0; draw < 12; draw++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state / 2 ** 32;
    }
    values[place] = sum;
  }
  return values;
}

/** @param {import('../../bindings/js/core/core.js').CoreModule} core @param {number} users @param {number} items */
function modelOf(core, users, items) {
  const known = {
    factors: FACTORS,
    columns: FACTORS,
    userFactors: normals(users * FACTORS),
    itemFactors: normals(items * FACTORS),
    mean: 0,
    scale: 1,
    minimum: -1e9,
    maximum: 1e9,
  };
  // A model of als without biases has no other tensors.
  const tensors = new Proxy(known, { get: (all, name) => Reflect.get(all, name) ?? none.floats });
  return core.createModel(
    /** @type {import('../../bindings/js/core/core.js').CoreTensors} */ (tensors),
    core.resolveOptions({ solver: 'als', factors: FACTORS, biases: false, preference: false }),
  );
}

/** Milliseconds. @param {() => unknown} work */
function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** The sides in turn, `rounds` times; the first round is not counted. @param {(() => unknown)[]} sides @param {number} rounds */
function inTurn(sides, rounds) {
  const times = sides.map(() => /** @type {number[]} */ ([]));
  for (let round = -1; round < rounds; round++) {
    for (const [side, work] of sides.entries()) {
      const milliseconds = timed(work);
      if (round >= 0) times[side]?.push(milliseconds);
    }
  }
  return times;
}

/** @param {number[]} times */
const best = (times) => Math.min(...times);

/** @param {number[]} times @param {number[]} others */
const ratio = (times, others) => median(times.map((time, round) => time / (others[round] ?? Number.NaN)));

/** @param {import('../../bindings/js/core/core.js').CoreModule} core @param {number} items @param {boolean} full */
function topTen(core, items, full) {
  const users = 50;
  const model = modelOf(core, users, items);
  const task = { n: N, excluded: none.indices, included: null, diversity: 0, approximate: false, byRating: false };
  const rough = { ...task, approximate: true };
  let turn = 0;
  const bytes = items * FACTORS * 4;
  const read = memoryReader(Math.ceil(bytes / 65536) * 65536);
  const [exact = [], approximate = [], plain = []] = inTurn(
    [() => model.recommend(turn++ % users, task), () => model.recommend(turn % users, rough), read],
    full ? 100 : 40,
  );
  const common = Array.from({ length: users }, (_, each) => {
    const best = new Set(model.recommend(each, task).items);
    return model.recommend(each, rough).items.filter((item) => best.has(item)).length;
  });
  const all = Int32Array.from({ length: 32 }, (_, each) => each);
  const [together = [], apart = []] = inTurn(
    [
      () => model.recommendMany(all, none.indices, task, 1),
      () => Array.from(all, (each) => model.recommend(each, task)),
    ],
    3,
  );
  model.delete();
  const what = `best ${N} of ${items.toLocaleString('en')} items, ${FACTORS} factors`;
  return [
    { what: `${what}, float32: ms, median`, figure: rounded(median(exact)) },
    { what: 'only reading the factors: ms, median', figure: rounded(median(plain)) },
    { what: 'float32, % of the read bandwidth, median of ratios', figure: rounded(100 * ratio(plain, exact)) },
    { what: 'float32, % of the read bandwidth, the best of each', figure: rounded((100 * best(plain)) / best(exact)) },
    { what: `${what}, approximate: ms, median`, figure: rounded(median(approximate)) },
    { what: 'approximate ÷ float32, median of ratios', figure: rounded(ratio(approximate, exact)) },
    { what: `items in common of ${N}, mean over ${users} users`, figure: rounded(mean(common)) },
    { what: `items in common of ${N}, minimum`, figure: Math.min(...common) },
    { what: '32 users together ÷ one after another', figure: rounded(ratio(together, apart)) },
  ];
}

/** What a page does when a visitor rates another film. @param {import('../../bindings/js/core/core.js').CoreModule} core */
function visitor(core) {
  const items = 27_000;
  const model = modelOf(core, 1, items);
  const rated = Int32Array.from({ length: 101 }, (_, place) => place * 251);
  const values = Float32Array.from(rated, (_, place) => 1 + (place % 5));
  const [some, few] = [rated.subarray(0, 100), values.subarray(0, 100)];
  const profile = model.foldIn(rated, values, new Int32Array(), new Float32Array());
  const task = { n: N, excluded: rated, included: null, diversity: 0, approximate: false, byRating: false };
  const [add = [], remove = [], predict = [], explain = [], recommend = [], diverse = []] = inTurn(
    [
      () => model.foldIn(rated, values, new Int32Array(), new Float32Array()),
      () => model.foldIn(some, few, new Int32Array(), new Float32Array()),
      () => model.profilePredict(profile, 7),
      () => model.explain(rated, values, new Int32Array(), new Float32Array(), 7, false),
      () => model.profileRecommend(profile, task),
      () => model.profileRecommend(profile, { ...task, diversity: 0.5 }),
    ],
    200,
  );
  model.delete();
  const named = {
    'a rating added': add,
    'a rating removed': remove,
    predict,
    explain,
    recommend,
    'recommend, diversity 0.5': diverse,
  };
  return Object.entries(named).map(([name, times]) => ({
    what: `visitor with 100 ratings, 27,000 items: ${name}, ms`,
    figure: rounded(median(times)),
  }));
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, log }) {
  const { default: create } = await import(`${root}build/wasm/matfac.js`);
  const core = await create();
  log('a visitor');
  const rows = visitor(core);
  log('the best of a million');
  rows.push(...topTen(core, 1_000_000, full));
  return {
    title: 'Serving in wasm, one thread',
    notes: [
      'Factors are normal. Float32, approximate, and plain reading of the same memory run in turn, one user per round.',
      'Ratios are medians over the rounds, so that other load of the machine affects all of them.',
    ],
    rows,
    charts: {},
  };
}
