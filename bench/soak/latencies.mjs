// Latencies by kind of work, in a room that does not grow: counts per bucket, each 1 % wider than the one before.

const WIDTH = Math.log(1.01);
const SHORTEST = 1e-3;
/** Up to half an hour. */
const BUCKETS = Math.ceil(Math.log(1.8e6 / SHORTEST) / WIDTH);

export class Latencies {
  #counts = new Uint32Array(BUCKETS);
  count = 0;
  worst = 0;

  /** @param {number} milliseconds */
  add(milliseconds) {
    const bucket = Math.floor(Math.log(Math.max(milliseconds, SHORTEST) / SHORTEST) / WIDTH);
    const at = Math.min(bucket, BUCKETS - 1);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.count += 1;
    this.worst = Math.max(this.worst, milliseconds);
  }

  /** The milliseconds that this share of the work did not exceed, to 1 %. @param {number} share */
  quantile(share) {
    let left = share * this.count;
    const bucket = this.#counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return Math.min(this.worst, SHORTEST * Math.exp(WIDTH * (bucket + 1)));
  }
}
