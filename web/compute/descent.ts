/**
 * The methods of the textbook, step by step, on a matrix small enough to read (Aggarwal, Recommender Systems: The Textbook, section
 * 3.6.4). The library draws the factors that they start from, and a test compares each step with an epoch of the library.
 *   R̂ = U Vᵀ,  E = R̂ − R, zero where R is missing
 *   batch: L = ½ Σ e², ∂L/∂U = E V, ∂L/∂V = Eᵀ U; U ← U − η ∂L/∂U, V ← V − η ∂L/∂V, both at the same U and V
 *   stochastic: uₙ ← uₙ − η eₙₘ vₘ, vₘ ← vₘ − η eₙₘ uₙ, both from the old values
 *   regularized: L + ½ λ (‖U‖² + ‖V‖²), whose gradients have λ U and λ V on top
 *   als: L + ½ Σ λₓ ‖x‖² over the rows x, λₓ = λ √(its ratings); each side in turn at its minimum, V first
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

export type Side = keyof Factors;

/** What a row of the other side has for a row of this one: the pair, and the two indices as they stand in formulas. */
export const pairOf = (side: Side, row: number, other: number): Pair =>
  side === 'u' ? { person: row, film: other } : { person: other, film: row };

/** The rows of the other side that a row has ratings with. */
export function ratedWith(side: Side, row: number): number[] {
  const others = side === 'u' ? films : people;
  return [...others.keys()].filter((other) => {
    const { person, film } = pairOf(side, row, other);
    return ratingsTable[person]![film] !== null;
  });
}

export const otherSide = (side: Side): Side => (side === 'u' ? 'v' : 'u');

export type Method = 'batch' | 'stochastic' | 'regularized' | 'als';

/** What the loss adds for a row, as a factor of ½ ‖x‖². */
export function ridgeOf(method: Method, lambda: number, side: Side, row: number): number {
  if (method === 'als') return lambda * Math.sqrt(ratedWith(side, row).length);
  return method === 'regularized' ? lambda : 0;
}

export function lossOf(factors: Factors, method: Method = 'batch', lambda = 0): number {
  const squares = knownPairs.reduce((sum, pair) => sum + errorOf(factors, pair) ** 2, 0);
  const ridges = (['u', 'v'] as const).flatMap((side) =>
    factors[side].map((row, index) => ridgeOf(method, lambda, side, index) * dot(row, row)),
  );
  return ridges.reduce((sum, ridge) => sum + ridge, squares) / 2;
}

/** ∂L/∂U = E V + λ U and ∂L/∂V = Eᵀ U + λ V. */
export function gradientOf(factors: Factors, lambda = 0): Factors {
  const of = (side: Side) =>
    factors[side].map((row, index) =>
      row.map((x, f) =>
        ratedWith(side, index).reduce(
          (sum, other) => sum + errorOf(factors, pairOf(side, index, other)) * factors[otherSide(side)][other]![f]!,
          lambda * x,
        ),
      ),
    );
  return { u: of('u'), v: of('v') };
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

/** One step of batch gradient descent, regularized if λ is above 0. */
export function stepDown(factors: Factors, rate: number, lambda = 0): Factors {
  const gradient = gradientOf(factors, lambda);
  return {
    u: factors.u.map((row, person) => along(row, -rate, gradient.u[person]!)),
    v: factors.v.map((row, film) => along(row, -rate, gradient.v[film]!)),
  };
}

/** The equations A x = b of a row: A = Σ y yᵀ + λₓ I (its upper triangle) and b = Σ r y over the ratings r with rows y. */
export interface NormalEquations {
  a11: number;
  a12: number;
  a22: number;
  b1: number;
  b2: number;
}

export function equationsOf(factors: Factors, side: Side, row: number, lambda: number): NormalEquations {
  const ridge = ridgeOf('als', lambda, side, row);
  const sums = { a11: ridge, a12: 0, a22: ridge, b1: 0, b2: 0 };
  for (const other of ratedWith(side, row)) {
    const { person, film } = pairOf(side, row, other);
    const [y1, y2] = factors[otherSide(side)][other] as [number, number];
    const rating = ratingsTable[person]![film]!;
    sums.a11 += y1 * y1;
    sums.a12 += y1 * y2;
    sums.a22 += y2 * y2;
    sums.b1 += rating * y1;
    sums.b2 += rating * y2;
  }
  return sums;
}

export const determinantOf = ({ a11, a12, a22 }: NormalEquations): number => a11 * a22 - a12 * a12;

/** Cramer's rule. */
export function solutionOf(equations: NormalEquations): number[] {
  const { a11, a12, a22, b1, b2 } = equations;
  const determinant = determinantOf(equations);
  return [(a22 * b1 - a12 * b2) / determinant, (a11 * b2 - a12 * b1) / determinant];
}

/** All rows of one side at the minimum, the other side fixed: half an epoch of alternating least squares. */
export const solveSide = (factors: Factors, side: Side, lambda: number): Factors => ({
  ...factors,
  [side]: factors[side].map((_, row) => solutionOf(equationsOf(factors, side, row, lambda))),
});

/** The small matrix as ratings of the library. */
export const smallRatings = (): Ratings =>
  Ratings.from(
    knownPairs.map(({ person, film }) => [people[person]!, films[film]!, ratingsTable[person]![film]!] as const),
  );

/** A step too short to change any bit of the factors that the seed draws. */
const negligible = 1e-30;

/** The factors that the library draws, in the order of the tables. */
export async function startOf(): Promise<Factors> {
  const options = { solver: 'gradient-descent', factors: factorCount, seed: 1, worker: false } as const;
  const model = await train(smallRatings(), { ...options, epochs: 1, learningRate: negligible });
  const factors = factorsOf(model);
  model.dispose();
  return factors;
}

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
