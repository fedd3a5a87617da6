/** The little matrix of the first screen, factorized for real: stochastic gradient descent on its known ratings. */

/** Known ratings, as users' tastes times items' traits; NaN for a gap. */
const tastes = [2, 1, 1, -1, -1, 2, 2, 0, 0, 2, -1, -1, 1, 2];
const traits = [1, 0, -1, 1, 2, 1, 0, -1, 1, -1, 0, 1, -1, 0, 1, 1, -2, 1];
const known = '##...#..# ..#.#..#. .#.##.#.. #.#....#. ..#..##.# .#.#...#. #...##..#'.split(' ');

export const users = known.length;
export const items = known[0]!.length;

const product = (u: ArrayLike<number>, v: ArrayLike<number>, user: number, item: number): number =>
  u[2 * user]! * v[2 * item]! + u[2 * user + 1]! * v[2 * item + 1]!;

/** Row by row. */
export const ratings: readonly number[] = Array.from({ length: users * items }, (_, at) => {
  const [user, item] = [Math.floor(at / items), at % items];
  return known[user]![item] === '#' ? product(tastes, traits, user, item) : Number.NaN;
});

export interface SmallFactors {
  /** Two numbers for each user. */
  u: readonly number[];
  /** Two numbers for each item. */
  v: readonly number[];
}

/** Small numbers without a pattern, the same on every visit. */
const begin = (length: number, phase: number) => Array.from({ length }, (_, i) => 0.4 * Math.sin(phase + 2.4 * i * i));

export const start = (): SmallFactors => ({ u: begin(2 * users, 1), v: begin(2 * items, 2) });

const rate = 0.04;
const regularization = 0.03;

/** One pass over the known ratings: with e = r̂ − r, u ← u − η (e v + λ u), and v likewise. */
export function pass({ u: before, v: fixed }: SmallFactors): SmallFactors {
  const [u, v] = [[...before], [...fixed]];
  for (const [at, rating] of ratings.entries()) {
    if (Number.isNaN(rating)) continue;
    const [user, item] = [Math.floor(at / items), at % items];
    const error = product(u, v, user, item) - rating;
    for (const f of [0, 1]) {
      const [a, b] = [u[2 * user + f]!, v[2 * item + f]!];
      u[2 * user + f] = a - rate * (error * b + regularization * a);
      v[2 * item + f] = b - rate * (error * a + regularization * b);
    }
  }
  return { u, v };
}

/** r̂ for every pair, row by row. */
export const predictions = ({ u, v }: SmallFactors): number[] =>
  ratings.map((_, at) => product(u, v, Math.floor(at / items), at % items));
