/** The formulas shown next to the small matrix, checked against the library. */
import { type Model, Ratings, train } from 'matfac';
import { beforeAll, expect, test } from 'vitest';
import {
  epochsFrom,
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
  startOf,
  stepDown,
  stepOnPair,
} from '../../web/compute/descent.js';

let start: Model;
let factors: Factors;

beforeAll(async () => {
  start = await startOf();
  factors = factorsOf(start);
});

const flat = ({ u, v }: Factors) => [...u.flat(), ...v.flat()];

/** Above the rounding error of float32 for numbers of this size. */
function expectClose(found: number[], wanted: number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [place, value] of found.entries()) expect(Math.abs(value - wanted[place]!)).toBeLessThan(1e-5);
}

test('the seed gives the start: an epoch from it is the first epoch of a training', async () => {
  const direct = await train(smallRatings(), {
    solver: 'gradient-descent',
    factors: 2,
    seed: 1,
    epochs: 1,
    learningRate: 0.03,
  });
  expect((await epochsFrom(start, 1, 0.03)).userFactors).toEqual(direct.userFactors);
});

test('a batch step is an epoch of gradient-descent', async () => {
  expectClose(flat(factorsOf(await epochsFrom(start, 1, 0.03))), flat(stepDown(factors, 0.03)));
});

test('forty batch steps are forty epochs, and the loss is the library’s', async () => {
  const model = await epochsFrom(start, 40, 0.02);
  let walked = factors;
  for (let step = 0; step < 40; step++) {
    walked = stepDown(walked, 0.02);
    const { loss } = model.history[step + 1]!;
    expect(Math.abs(lossOf(walked) - loss) / loss).toBeLessThan(1e-5);
  }
  expectClose(flat(factorsOf(model)), flat(walked));
});

test('the step on a pair is an epoch of sgd on that pair alone, for every pair', async () => {
  for (const pair of knownPairs) {
    const [person, film] = [people[pair.person]!, films[pair.film]!];
    const sgd = { solver: 'sgd', factors: 2, seed: 1, epochs: 1 } as const;
    const from = await train(smallRatings(), { ...sgd, learningRate: 1e-30 });
    expect(from.userFactors).toEqual(start.userFactors);
    const alone = Ratings.from([[person, film, ratingsTable[pair.person]![pair.film]!]]);
    const model = await train(alone, { ...sgd, learningRate: 0.05, warmStart: from });
    const stepped = stepOnPair(factors, pair, 0.05);
    expectClose([...model.userFactors.data], [...stepped.u[pair.person]!]);
    expectClose([...model.itemFactors.data], [...stepped.v[pair.film]!]);
    const others = flat(stepped).filter((value, place) => value !== flat(factors)[place]);
    expect(others.length).toBe(4);
  }
});

test('the gradient is the slope of the loss', () => {
  const gradient = gradientOf(factors);
  const step = 1e-5;
  for (const side of ['u', 'v'] as const) {
    for (const [row, values] of factors[side].entries()) {
      for (const f of values.keys()) {
        const at = (by: number) =>
          lossOf({ ...factors, [side]: factors[side].with(row, values.with(f, values[f]! + by)) });
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
