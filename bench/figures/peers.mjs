// An epoch of ours in WebAssembly beside libraries of Python's, whose loops are native, each on one thread.
import { barChart } from '../lib/chart.mjs';
import { comparison } from '../lib/comparison.mjs';
import { rowsOf } from '../lib/figure.mjs';
import { peerVersion } from '../lib/peers.mjs';

/** By our solver; Surprise takes minutes for what we do in seconds, so it has the smaller set. */
const PEERS = [
  { solver: 'sgd', peer: 'surprise', size: 'ml100k' },
  { solver: 'svd++', peer: 'surprise', size: 'ml100k' },
  { solver: 'als', peer: 'cmfrec' },
  { solver: 'implicit-als', peer: 'implicit' },
  { solver: 'implicit-als', peer: 'irspack' },
  { solver: 'bpr', peer: 'implicit' },
  { solver: 'bayesian', peer: 'myfm' },
];

const NOTES = [
  'One thread each, sides taking turns epoch by epoch; the first epoch of each is not counted.',
  'implicit and irspack take three steps of conjugate gradient for a row, cmfrec its default of up to three, ours two with a preconditioner (see sweeps).',
  'bpr verifies in both that what is drawn is not rated. myFM draws the same model, with weights for users and items.',
];

/** @type {import('../lib/figure.mjs').Run} */
export async function run({ full, limits, log }) {
  const versions = new Map([...new Set(PEERS.map(({ peer }) => peer))].map((peer) => [peer, peerVersion(peer)]));
  const [there, absent] = [true, false].map((is) =>
    [...versions].filter(([, version]) => (version !== undefined) === is),
  );
  const skipped = (absent ?? []).map(([peer]) => `**Not measured: ${peer}, which is not installed here.**`);
  for (const line of skipped) console.error(`!!! ${line}`);
  const comparisons = [];
  for (const { solver, peer, size = full ? 'ml1m' : 'ml100k' } of PEERS) {
    if (!versions.get(peer)) continue;
    log(`${solver}: ${peer}`);
    comparisons.push(await comparison({ size, solver, factors: 64, names: ['wasm', peer], epochs: full ? 5 : 3 }));
  }
  const bars = comparisons.flatMap(({ solver, sides }) =>
    sides.map(({ name, nanosecondsPerRating }) => ({ group: solver, bar: name, y: nanosecondsPerRating })),
  );
  return {
    title: 'An epoch beside other libraries (64 factors, one thread)',
    notes: [...NOTES, `Versions: ${(there ?? []).map((each) => each.join(' ')).join(', ')}.`, ...skipped],
    rows: comparisons.flatMap((each) => rowsOf(each, limits)),
    charts: { peers: barChart({ title: 'Nanoseconds per rating, 64 factors, one thread', bars }) },
  };
}
