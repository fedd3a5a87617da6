// Reads a file, trains on it, and prints the time and memory as one line of JSON.
import { openAsBlob } from 'node:fs';
import { Ratings, train } from 'matfac';

let peak = 0;
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const timer = setInterval(look, 20);
look();
const before = peak;

const blob = await openAsBlob(process.argv[2] ?? '');
const began = performance.now();
const ratings = await Ratings.fromFile(blob, { onProgress: look });
const readSeconds = (performance.now() - began) / 1000;
look();
const readPeak = peak;

const start = performance.now();
await train(ratings, { solver: 'sgd', factors: 16, epochs: 1, biases: true, learningRate: 0.005, threads: 1 });
const trainSeconds = (performance.now() - start) / 1000;
look();
clearInterval(timer);
console.log(
  JSON.stringify({
    rows: ratings.size,
    bytes: blob.size,
    before,
    readSeconds,
    readPeak,
    trainSeconds,
    trainPeak: peak,
  }),
);
