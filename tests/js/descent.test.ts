/** The steps shown on the small matrix, checked against the library. */
import { Ratings, train } from 'matfac';
import { beforeAll, expect, test } from 'vitest';
import {
  errorOf,
  type Factors,
  factorsOf,
  films,
  gradientOf,
  knownPairs,
  lossOf,
  orderOf,
  people,
  ratingsTable,
  smallRatings,
  solveSide,
  startOf,
  stepDown,
  stepOnPair,
} from '../../web/compute/descent.js';

let factors: Factors;

beforeAll(async () => {
  factors = await startOf();
});

const flat = ({ u, v }: Factors) => [...u.flat(), ...v.flat()];

/** Above the rounding error of float32 for numbers of this size. */
function expectClose(found: number[], wanted: number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [place, value] of found.entries()) expect(Math.abs(value - wanted[place]!)).toBeLessThan(1e-5);
}

test.each([
  ['batch', 0],
  ['regularized', 0.3],
] as const)('forty steps of %s are forty epochs of gradient-descent from the same seed', async (method, lambda) => {
  const options = { solver: 'gradient-descent', factors: 2, seed: 1, learningRate: 0.02 } as const;
  const model = await train(smallRatings(), { ...options, regularization: lambda, epochs: 40 });
  let walked = factors;
  for (const { loss } of model.history) {
    walked = stepDown(walked, 0.02, lambda);
    expect(Math.abs(lossOf(walked, method, lambda) - loss) / loss).toBeLessThan(1e-5);
  }
  expectClose(flat(factorsOf(model)), flat(walked));
});

test('V solved, then U solved, is an epoch of als, and the loss is its loss', async () => {
  const options = { solver: 'als', factors: 2, biases: false, preference: false } as const;
  const values = knownPairs.map(({ person, film }) => ratingsTable[person]![film]!);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const lambda = 0.3;
  // The option counts on ratings divided by their standard deviation.
  const how = { ...options, regularization: lambda / deviation };
  let model = await train(smallRatings(), { ...how, epochs: 1 });
  for (let epoch = 0; epoch < 5; epoch++) {
    const before = factorsOf(model);
    model = await train(smallRatings(), { ...how, epochs: 1, warmStart: model });
    const after = solveSide(solveSide(before, 'v', lambda), 'u', lambda);
    const found = flat(factorsOf(model));
    for (const [place, value] of flat(after).entries()) expect(Math.abs(found[place]! - value)).toBeLessThan(2e-5);
    const { loss } = model.history.at(-1)!;
    expect(Math.abs(lossOf(after, 'als', lambda) - loss) / loss).toBeLessThan(1e-5);
  }
});

test.each(['u', 'v'] as const)('solving %s leaves no slope of the loss of als along it', (side) => {
  const solved = solveSide(factors, side, 0.3);
  const step = 1e-5;
  for (const [row, values] of solved[side].entries()) {
    for (const f of values.keys()) {
      const at = (by: number) =>
        lossOf({ ...solved, [side]: solved[side].with(row, values.with(f, values[f]! + by)) }, 'als', 0.3);
      expect(Math.abs((at(step) - at(-step)) / (2 * step))).toBeLessThan(1e-6);
    }
  }
});

test('the step on a pair is an epoch of sgd on that pair alone, for every pair', async () => {
  for (const pair of knownPairs) {
    const [person, film] = [people[pair.person]!, films[pair.film]!];
    const sgd = { solver: 'sgd', factors: 2, seed: 1, epochs: 1 } as const;
    const from = await train(smallRatings(), { ...sgd, learningRate: 1e-30 });
    expect(factorsOf(from)).toEqual(factors);
    const alone = Ratings.from([[person, film, ratingsTable[pair.person]![pair.film]!]]);
    const model = await train(alone, { ...sgd, learningRate: 0.05, warmStart: from });
    const stepped = stepOnPair(factors, pair, 0.05);
    expectClose([...model.userFactors.data], [...stepped.u[pair.person]!]);
    expectClose([...model.itemFactors.data], [...stepped.v[pair.film]!]);
    const others = flat(stepped).filter((value, place) => value !== flat(factors)[place]);
    expect(others.length).toBe(4);
  }
});

test.each([0, 0.3])('the gradient is the slope of the loss, with λ = %s', (lambda) => {
  const gradient = gradientOf(factors, lambda);
  const step = 1e-5;
  for (const side of ['u', 'v'] as const) {
    for (const [row, values] of factors[side].entries()) {
      for (const f of values.keys()) {
        const at = (by: number) =>
          lossOf(
            { ...factors, [side]: factors[side].with(row, values.with(f, values[f]! + by)) },
            'regularized',
            lambda,
          );
        const slope = (at(step) - at(-step)) / (2 * step);
        expect(Math.abs(slope - gradient[side][row]![f]!)).toBeLessThan(1e-6);
      }
    }
  }
});

test('a missing rating has no error', () => {
  expect(ratingsTable[0]![3]).toBeNull();
  expect(errorOf(factors, { person: 0, film: 3 })).toBe(0);
});

test('every pass visits every pair once, in a different order', () => {
  const key = ({ person, film }: { person: number; film: number }) => person * films.length + film;
  const passes = [0, 1, 2].map((pass) => orderOf(pass).map(key));
  for (const pass of passes) expect([...pass].sort((a, b) => a - b)).toEqual(knownPairs.map(key));
  expect(passes[0]).not.toEqual(passes[1]);
  expect(passes[1]).not.toEqual(passes[2]);
});
