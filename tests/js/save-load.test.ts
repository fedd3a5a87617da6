/** Every model that can be made can be saved and loaded. */
import fc from 'fast-check';
import {
  DEFAULTS,
  type Dtype,
  type FactorsOptions,
  MatfacError,
  Model,
  OPTION_RANGES,
  OPTIONS,
  Ratings,
  SOLVER_OPTIONS,
  type Solver,
  type TrainOptions,
  train,
} from 'matfac';
import { describe, expect, test } from 'vitest';

type Name = keyof typeof OPTIONS;

/** Values of an option that `train` takes, the ends of its range and far ones included. */
function valuesOf(name: Name): fc.Arbitrary<unknown> {
  const option = OPTIONS[name];
  if (option.kind === 'switch') return fc.boolean();
  if (option.kind === 'choice') return fc.constantFrom(...option.choices);
  const range: { least?: number; above?: number; most?: number } = OPTION_RANGES[name as keyof typeof OPTION_RANGES];
  if (option.kind === 'whole') {
    const few = { factors: 6, epochs: 3, samples: 3, preferenceFactors: 4, threads: 1 }[name as 'factors'];
    return fc.integer({ min: range.least ?? 0, max: few ?? Math.min(range.most ?? 1000, Number.MAX_SAFE_INTEGER) });
  }
  const any = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(1e-38, 1e-12, 1e-3, 1, 100, 1e12, 3e38),
  );
  return any.filter(
    (value) => value >= (range.least ?? 0) && value > (range.above ?? -1) && value <= (range.most ?? 3e38),
  );
}

const solvers = Object.keys(DEFAULTS) as Solver[];

const options: fc.Arbitrary<TrainOptions> = fc.constantFrom(...solvers).chain((solver) => {
  const names = (SOLVER_OPTIONS[solver] as readonly Name[]).filter((name) => name !== 'threads' && name !== 'patience');
  const free = fc.record(Object.fromEntries(names.map((name) => [name, valuesOf(name)])), { requiredKeys: [] });
  return free
    .map((some) => ({ factors: 2, epochs: 2, ...some, solver }) as TrainOptions)
    .map((all) => {
      if (!(SOLVER_OPTIONS[solver] as readonly string[]).includes('factors')) delete all.factors;
      return all;
    });
});

const rating = fc.oneof(
  fc.integer({ min: 1, max: 5 }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, 1e-30, 1e-6, 1e6, 1e18, 3e38, -3e38),
);

const rows = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(6), rating), {
  minLength: 1,
  maxLength: 25,
  selector: ([user, item]) => `${user} ${item}`,
});

const saving = fc.record({ dtype: fc.constantFrom<Dtype>('float32', 'float16', 'int8'), users: fc.boolean() });

async function trained(given: [number, number, number][], how: TrainOptions): Promise<Model | undefined> {
  try {
    return await train(Ratings.from(given), how);
  } catch (failure) {
    // Options at the ends of their ranges may diverge, and say so.
    if (failure instanceof MatfacError && failure.code === 'invalid-argument') return undefined;
    throw failure;
  }
}

describe('save, then load', () => {
  test('of any training', async () => {
    let made = 0;
    const property = fc.asyncProperty(rows, options, saving, async (given, how, { dtype, users }) => {
      const model = await trained(given, how);
      if (!model) return;
      made++;
      const whole = model.save({ state: true });
      const same = await Model.load(whole);
      expect(same.save({ state: true })).toEqual(whole);
      try {
        const small = await Model.load(model.save({ dtype, users }));
        expect(small.items).toEqual(model.items);
        small.dispose();
      } catch (failure) {
        // float16 ends at 65,504, which `save` says.
        if (!(dtype === 'float16' && failure instanceof MatfacError && failure.code === 'unsupported')) throw failure;
      }
      for (const each of [model, same]) each.dispose();
    });
    await fc.assert(property, { numRuns: 400 });
    expect(made).toBeGreaterThan(100);
  });

  test('of any factors', async () => {
    const number = fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 1e-30, 1e6, 1e12));
    const row = fc.tuple(number, number);
    const factors = fc.record({
      itemFactors: fc.tuple(row, row, row),
      items: fc.constant(['x', 'y', 'z']),
      solver: fc.constantFrom('als', 'sgd', 'nmf', 'implicit-als', 'bpr'),
      mean: fc.constantFrom(0, 3.5, -1e6),
    });
    const extra = fc.record(
      {
        regularization: fc.constantFrom(1e-30, 0.1, 1e12),
        range: fc.constantFrom([1, 5], [0, 0], [-1e30, 1e30]),
        users: fc.constant(true),
      },
      { requiredKeys: [] },
    );
    const property = fc.asyncProperty(factors, extra, saving, async (some, { users, ...more }, how) => {
      const sides = users ? { userFactors: [[1, 2]], users: ['u'] } : {};
      const model = await Model.fromFactors({ ...some, ...more, ...sides } as FactorsOptions).catch((failure) => {
        if (!(failure instanceof MatfacError && failure.code === 'invalid-argument')) throw failure;
      });
      if (!model) return;
      const whole = model.save();
      const same = await Model.load(whole);
      expect(same.save()).toEqual(whole);
      const isBeyond = how.dtype === 'float16';
      await Promise.resolve()
        .then(() => Model.load(model.save(how)))
        .catch((failure) => expect(isBeyond && failure.code).toBe('unsupported'));
      for (const each of [model, same]) each.dispose();
    });
    await fc.assert(property, { numRuns: 300 });
  });
});
