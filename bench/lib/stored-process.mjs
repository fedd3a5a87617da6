// FILE memory|opfs SOLVER FACTORS EPOCHS: reads the file, trains, recommends, and prints times, memory and a hash as a line of JSON.
import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { Ratings, train } from 'matfac';

const [file = '', storage, solver, factors, epochs] = process.argv.slice(2);
let peak = 0;
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const timer = setInterval(look, 20);

const began = performance.now();
const ratings = await Ratings.fromFile(await openAsBlob(file), {
  storage: /** @type {'memory' | 'opfs'} */ (storage),
  onProgress: look,
});
const readSeconds = (performance.now() - began) / 1000;
look();
const readPeak = peak;
const start = performance.now();
const model = await train(ratings, {
  solver: /** @type {'als' | 'sgd' | 'implicit-als'} */ (solver),
  factors: Number(factors),
  epochs: Number(epochs),
  threads: 1,
  onEpoch: look,
});
const trainSeconds = (performance.now() - start) / 1000;
const epochSeconds = /** @type {number} */ (model.history.at(-1)?.seconds) / Number(epochs);
const user = /** @type {string | number} */ (ratings.users[0]);
const first = model.recommend(user)[0]?.item;
look();
clearInterval(timer);
const hash = createHash('sha256')
  .update(model.userFactors.data)
  .update(model.itemFactors.data)
  .digest('hex')
  .slice(0, 16);
console.log(
  JSON.stringify({ rows: ratings.size, readSeconds, readPeak, trainSeconds, epochSeconds, peak, first, hash }),
);
