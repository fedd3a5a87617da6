/**
 * The two gradient methods, step by step, on a matrix small enough to read. The library takes the steps of batch descent, as
 * epochs; the step on a single pair, and the arithmetic written out beside the numbers, are these formulas:
 *   R̂ = U Vᵀ,  E = R̂ − R, zero where R is missing,  L = ½ Σ e²
 *   batch: ∂L/∂U = E V, ∂L/∂V = Eᵀ U, both at the same U and V
 *   stochastic: uₙ += η (rₙₘ − r̂ₙₘ) vₘ, vₘ += η (rₙₘ − r̂ₙₘ) uₙ, both from the old values
 */
import { type Matrix, type Model, Ratings, train } from 'matfac';

export const people = ['Ada', 'Ben', 'Cleo', 'Dev', 'Eve', 'Finn'] as const;
export const films = ['Androids', 'Black Hole', 'Comet', 'Dance', 'Elegy', 'First Kiss'] as const;

const none = null;

/** Three people who like space films and three who like romances; null is a missing rating. */
export const ratingsTable: readonly (readonly (number | null)[])[] = [
  [4, 5, 5, none, 1, 2],
  [none, 4, 5, 2, none, 1],
  [5, none, 4, 1, 2, none],
  [1, 2, none, 5, 4, 5],
  [2, none, 1, 4, 5, none],
  [none, 1, 2, none, 5, 4],
];

export interface Pair {
  person: number;
  film: number;
}

export const knownPairs: readonly Pair[] = ratingsTable.flatMap((row, person) =>
  row.flatMap((rating, film) => (rating === null ? [] : [{ person, film }])),
);

/** One row per person in `u`, one per film in `v`. */
export interface Factors {
  u: readonly (readonly number[])[];
  v: readonly (readonly number[])[];
}

export const factorCount = 2;

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, f) => sum + x * b[f]!, 0);

export const predictionOf = ({ u, v }: Factors, { person, film }: Pair): number => dot(u[person]!, v[film]!);

export const predictions = (factors: Factors): number[][] =>
  people.map((_, person) => films.map((__, film) => predictionOf(factors, { person, film })));

/** r̂ − r, and 0 where the rating is missing. */
export function errorOf(factors: Factors, pair: Pair): number {
  const rating = ratingsTable[pair.person]![pair.film]!;
  return rating === null ? 0 : predictionOf(factors, pair) - rating;
}

export const errors = (factors: Factors): number[][] =>
  people.map((_, person) => films.map((__, film) => errorOf(factors, { person, film })));

export const lossOf = (factors: Factors): number =>
  knownPairs.reduce((sum, pair) => sum + errorOf(factors, pair) ** 2 / 2, 0);

/** ∂L/∂U = E V and ∂L/∂V = Eᵀ U. */
export function gradientOf(factors: Factors): Factors {
  const e = errors(factors);
  const { u, v } = factors;
  const sum = (weights: readonly number[], rows: Factors['u']) =>
    rows[0]!.map((_, f) => weights.reduce((total, weight, row) => total + weight * rows[row]![f]!, 0));
  return {
    u: u.map((_, person) => sum(e[person]!, v)),
    v: v.map((_, film) =>
      sum(
        e.map((row) => row[film]!),
        u,
      ),
    ),
  };
}

const along = (row: readonly number[], step: number, direction: readonly number[]): number[] =>
  row.map((x, f) => x + step * direction[f]!);

/** One step of stochastic gradient descent. */
export function stepOnPair(factors: Factors, pair: Pair, rate: number): Factors {
  const { person, film } = pair;
  const [u, v] = [factors.u[person]!, factors.v[film]!];
  const step = -rate * errorOf(factors, pair);
  return {
    u: factors.u.with(person, along(u, step, v)),
    v: factors.v.with(film, along(v, step, u)),
  };
}

/** One step of batch gradient descent. */
export function stepDown(factors: Factors, rate: number): Factors {
  const gradient = gradientOf(factors);
  return {
    u: factors.u.map((row, person) => along(row, -rate, gradient.u[person]!)),
    v: factors.v.map((row, film) => along(row, -rate, gradient.v[film]!)),
  };
}

/** The small matrix as ratings of the library. */
export const smallRatings = (): Ratings =>
  Ratings.from(
    knownPairs.map(({ person, film }) => [people[person]!, films[film]!, ratingsTable[person]![film]!] as const),
  );

/** The options of the library that stay the same from step to step. */
const small = { solver: 'gradient-descent', factors: factorCount, seed: 1, worker: false } as const;

/** A step too short to change any bit of the factors that the seed draws. */
const negligible = 1e-30;

/** The model at the factors that the library draws. */
export const startOf = async (): Promise<Model> =>
  train(smallRatings(), { ...small, epochs: 1, learningRate: negligible });

/** `epochs` steps of batch gradient descent by the library, starting from `model`. */
export const epochsFrom = async (model: Model, epochs: number, learningRate: number): Promise<Model> =>
  train(smallRatings(), { ...small, epochs, learningRate, warmStart: model });

/** The factors of a model of the small matrix, in the order of the tables. */
export function factorsOf(model: Model): Factors {
  const rows = ({ columns, data }: Matrix, ids: readonly unknown[], names: readonly string[]) =>
    names.map((name) => {
      const at = ids.indexOf(name) * columns;
      return Array.from(data.subarray(at, at + columns));
    });
  return { u: rows(model.userFactors, model.users, people), v: rows(model.itemFactors, model.items, films) };
}

/** The order of the pairs in a pass: a seeded shuffle, different for every pass and not the library's own. */
export function orderOf(pass: number): Pair[] {
  const order = [...knownPairs];
  let state = 0x9e3779b9 ^ (pass + 1);
  for (let left = order.length; left > 1; left--) {
    // xorshift32 (Marsaglia 2003); a small bias does not matter here.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % left;
    [order[left - 1], order[other]] = [order[other]!, order[left - 1]!];
  }
  return order;
}
