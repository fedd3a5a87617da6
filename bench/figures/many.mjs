// Ten items for each of many users: recommendManyAsync and evaluateAsync, on one thread and on two, beside implicit.
import { spawn } from 'node:child_process';
import { existsSync, openAsBlob } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { evaluateAsync, Model, Ratings, train } from 'matfac';
import { rounded } from '../lib/figure.mjs';
import { folder } from '../lib/movielens.mjs';
import { peersPython, peerVersion } from '../lib/peers.mjs';
import { median } from '../lib/statistics.mjs';

const FACTORS = 64;
const TRAINED = 'gowalla.train.csv.gz';
const SHAPES = [
  { users: 6040, items: 3706 },
  { users: 1024, items: 27_000 },
  { users: 256, items: 1_000_000 },
];

/** Independent normal numbers, or nearly: sums of four uniform ones. @param {number} length */
function numbers(length) {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Float32Array.from({ length }, () => uniform() + uniform() + uniform() + uniform());
}

/** @param {number} count */
function rowsOf(count) {
  const all = numbers(count * FACTORS);
  return upTo(count).map((row) => all.subarray(row * FACTORS, (row + 1) * FACTORS));
}

/** @param {number} length */
const upTo = (length) => Array.from({ length }, (_, index) => index);

/** @param {{users: number, items: number, threads: number}} shape */
function implicitSide({ users, items, threads }) {
  const script = fileURLToPath(new URL('../peers/recommend.py', import.meta.url));
  const program = spawn(peersPython, [script, ...[users, items, FACTORS, threads].map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  return {
    seconds: async () => {
      program.stdin.write('\n');
      return Number((await lines.next()).value);
    },
    end: () => program.stdin.end(),
  };
}

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Factors that nobody trained: all rows are of about one length. @param {{users: number, items: number}} shape */
const random = ({ users, items }) =>
  Model.fromFactors({
    userFactors: rowsOf(users),
    itemFactors: rowsOf(items),
    users: upTo(users),
    items: upTo(items),
  });

/** Factors as they are served; null without the ratings. */
async function trained() {
  const file = `${folder}/${TRAINED}`;
  if (!existsSync(file)) return null;
  const ratings = await Ratings.fromFile(await openAsBlob(file));
  const model = await train(ratings, { solver: 'implicit-als', factors: FACTORS, epochs: 10 });
  ratings.dispose();
  return model;
}

/**
 * Medians of millions of scores per second, the sides taking turns, for the first users of the model. A score that a search can do
 * without counts too.
 * @param {Model} model @param {number} most @param {boolean} withPeers @param {number} rounds
 */
async function compared(model, most, withPeers, rounds) {
  const asked = model.users.slice(0, most);
  const users = asked.length;
  const items = model.items.length;
  const test = Ratings.fromColumns({
    user: [...asked],
    item: upTo(users).map((user) => /** @type {number} */ (model.items[(user * 7919) % items])),
    rating: new Float32Array(users).fill(1),
  });
  const peers =
    withPeers && peerVersion('implicit')
      ? [1, 2].map((threads) => ({ threads, ...implicitSide({ users, items, threads }) }))
      : [];
  /** @type {[string, () => Promise<number>][]} */
  const sides = [
    ...[1, 2].map(
      (threads) =>
        /** @type {[string, () => Promise<number>]} */ ([
          `recommendManyAsync, ${threads}`,
          () => timed(() => model.recommendManyAsync(asked, { n: 10, threads })),
        ]),
    ),
    ...[1, 2].map(
      (threads) =>
        /** @type {[string, () => Promise<number>]} */ ([
          `evaluateAsync, ${threads}`,
          () => timed(() => evaluateAsync(model, test, { k: 10, threads, metrics: ['ndcg'] })),
        ]),
    ),
    ...peers.map(
      ({ threads, seconds }) => /** @type {[string, () => Promise<number>]} */ ([`implicit, ${threads}`, seconds]),
    ),
  ];
  const seconds = sides.map(() => /** @type {number[]} */ ([]));
  for (let round = -1; round < rounds; ++round) {
    for (const [i, [, side]] of sides.entries()) {
      const taken = await side();
      if (round >= 0) seconds[i]?.push(taken);
    }
  }
  for (const peer of peers) peer.end();
  return sides.map(([name], i) => {
    const [side, threads] = name.split(', ');
    const millions = (users * items) / median(seconds[i] ?? []) / 1e6;
    return { users, items, side: side ?? '', threads: Number(threads), 'million scores a second': rounded(millions) };
  });
}

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  const rows = [];
  const rounds = full ? 7 : 3;
  for (const shape of SHAPES) {
    log(`${shape.users} users, ${shape.items} items`);
    const model = await random(shape);
    rows.push(...(await compared(model, shape.users, true, rounds)).map((row) => ({ factors: 'random', ...row })));
    model.dispose();
  }
  const model = await trained();
  if (model) {
    log('Gowalla, trained');
    rows.push(...(await compared(model, 8192, false, rounds)).map((row) => ({ factors: 'Gowalla', ...row })));
    model.dispose();
  }
  const most = rounded((limits.wasm.gflops * 1e3) / (2 * FACTORS));
  const implicit = peerVersion('implicit');
  return {
    title: `Ten items for each of many users (${FACTORS} factors)`,
    notes: [
      `Medians, the sides taking turns. What bounds rule out counts as scored. At the multiply-add peak of WebAssembly it would be ${most} million scores a second and thread.`,
      model
        ? 'Gowalla: the factors of implicit-als (10 epochs), of which most items have short rows; random ones are all of about one length.'
        : `**Not measured: trained factors; ${TRAINED} is missing (MATFAC_DATA names its folder).**`,
      implicit ? `implicit ${implicit}, native.` : '**Not measured: implicit, which is not installed here.**',
    ],
    rows,
    charts: {},
  };
}
