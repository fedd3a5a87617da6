/** The commands that train, evaluate, search, describe and convert, and what the program says of a wrong call. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluate, search, train } from 'matfac';
import { describe, expect, test } from 'vitest';
import { matfac } from './support/cli.js';
import { sampleFolder } from './support/cli-folder.js';

const here = sampleFolder();
const { run, json, opened } = here;

describe('train', () => {
  test.each([
    { solver: 'variational', preferenceFactors: 5 },
    { solver: 'als', regularization: 0.5, preference: false },
  ] as const)('saves the model that the library trains, and describes it: %j', async (chosen) => {
    const { solver, ...others } = { ...chosen, factors: 3, epochs: 4, seed: 7 };
    const flags = Object.entries(others).flatMap(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      `${value}`,
    ]);
    // The default solver needs no flag.
    const words = [...(solver === 'als' ? ['--solver', 'als'] : []), ...flags, '-o', 'a.safetensors'];
    const found = await json('train', 'train.csv', ...words);
    expect(found).toMatchObject({ out: 'a.safetensors', solver, factors: 3, epochs: 4, ratings: here.rest.size });
    const model = await train(here.rest, { solver, ...others });
    const saved = await opened('a.safetensors');
    expect(saved.itemFactors).toEqual(model.itemFactors);
    expect(saved.options).toEqual(model.options);
    expect(saved.recommend(here.rest.users[0]!)).toEqual(model.recommend(here.rest.users[0]!));
    expect(found.last.trainRmse).toBe(model.history.at(-1)!.trainRmse);
  });

  test('takes a validation part, pairs without ratings, and the standard input', async () => {
    const words = ['--validation', 'test.csv', '--patience', '1', '--epochs', '40', '-o', 'b.safetensors'];
    const { last, epochs } = await json('train', 'train.csv', ...words);
    const model = await train(here.rest, { validation: here.held, patience: 1, epochs: 40 });
    expect([last.validationRmse, epochs]).toEqual([model.history.at(-1)!.validationRmse, model.history.length]);
    const input = await readFile(join(here.folder, 'train.csv'), 'utf8');
    const { status, out } = await matfac(['train', '-', '--unrated', '--epochs', '1', '--json'], { input });
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ solver: 'implicit-als', ratings: here.rest.size });
  });

  test('prints each note on how the file was read, once, and not with --quiet', async () => {
    await writeFile(join(here.folder, 'orders.csv'), `user,item,price\n${'1,2,3\n1,3,4\n2,2,5\n'.repeat(3)}`);
    const words = ['train', 'orders.csv', '--epochs', '1', '-o', 'orders.safetensors'];
    const { status, err } = await run(...words);
    expect(status).toBe(0);
    expect(err).toMatch(/^orders\.csv: No column is a rating, .*'price'.*\n$/);
    expect((await run(...words, '--quiet')).err).toBe('');
  });

  test('continues from a model', async () => {
    await json('train', 'train.csv', '--solver', 'als', '--factors', '3', '--epochs', '2', '-o', 'two.safetensors');
    const words = ['--warm-start', 'two.safetensors', '--epochs', '3', '-o', 'five.safetensors'];
    expect(await json('train', 'train.csv', ...words)).toMatchObject({ epochs: 5 });
    const whole = await train(here.rest, { solver: 'als', factors: 3, epochs: 5 });
    expect((await opened('five.safetensors')).itemFactors).toEqual(whole.itemFactors);
  });

  test.each(['variational', 'svd++'] as const)(
    'continues bit for bit from a model of %s that was saved with its state',
    async (solver) => {
      const how = ['--solver', solver, '--factors', '3', '--epochs', '2', '--state'];
      await json('train', 'train.csv', ...how, '-o', 'two.safetensors');
      const words = ['--warm-start', 'two.safetensors', '--epochs', '3', '-o', 'five.safetensors'];
      expect(await json('train', 'train.csv', ...words)).toMatchObject({ epochs: 5 });
      const whole = await train(here.rest, { solver, factors: 3, epochs: 5 });
      const continued = await opened('five.safetensors');
      expect(continued.itemFactors).toEqual(whole.itemFactors);
      expect(continued.recommend(here.rest.users[0]!)).toEqual(whole.recommend(here.rest.users[0]!));
    },
  );

  test('keeps the users and items that newer ratings lack', async () => {
    await writeFile(join(here.folder, 'newer.csv'), 'user,item,rating\n1,2,4\n1,999,5\n1,999,3\n888,2,1\n');
    await json('train', 'train.csv', '--factors', '3', '--epochs', '2', '-o', 'two.safetensors');
    const words = [
      '--warm-start',
      'two.safetensors',
      '--epochs',
      '1',
      '--duplicates',
      'mean',
      '-o',
      'kept.safetensors',
    ];
    const found = await json('train', 'newer.csv', ...words, '--keep');
    expect(found.kept).toEqual({ users: here.rest.userCount - 1, items: here.rest.itemCount - 1 });
    const [kept, two] = [await opened('kept.safetensors'), await opened('two.safetensors')];
    expect(kept.userCount).toBe(here.rest.userCount + 1);
    expect(kept.predict(here.rest.users[5]!, here.rest.items[9]!)).toBe(
      two.predict(here.rest.users[5]!, here.rest.items[9]!),
    );
    expect(await json('train', 'newer.csv', ...words)).not.toHaveProperty('kept');
    expect((await opened('kept.safetensors')).userCount).toBe(2);
    const { status, err } = await run('train', 'newer.csv', '--keep');
    expect(status).toBe(2);
    expect(err).toContain('--keep must be false without --warm-start; it is true');
  });

  test('trains on the users and items with enough ratings', async () => {
    const least = ['--min-per-user', '18', '--min-per-item', '8'];
    const core = here.rest.filter({ minPerUser: 18, minPerItem: 8 });
    const found = await json('train', 'train.csv', ...least, '--epochs', '1', '-o', 'core.safetensors');
    expect(found).toMatchObject({ ratings: core.size, users: core.userCount, items: core.itemCount });
    expect(core.size).toBeLessThan(here.rest.size);
    const { status, err } = await run('train', 'train.csv', '--min-per-user', '0');
    expect(status).toBe(2);
    expect(err).toContain('filter: --min-per-user must be a whole number of at least 1; it is 0');
  });
});

describe('evaluate', () => {
  test('prints the metrics of the library', async () => {
    const model = await opened('model.safetensors');
    const found = await json('evaluate', 'model.safetensors', 'test.csv', '--k', '5');
    expect(found).toEqual(evaluate(model, here.held, { k: 5 }));
    const { out } = await run('evaluate', 'model.safetensors', 'test.csv', '--k', '5');
    expect(out).toMatch(new RegExp(`^rmse +${found.rmse.toFixed(6)}$`, 'm'));
  });

  test('excludes the ratings of a file, or none', async () => {
    await json('convert', 'model.safetensors', '--drop', 'ratings', '-o', 'bare.safetensors');
    const model = await opened('model.safetensors');
    const words = ['evaluate', 'bare.safetensors', 'test.csv', '--metrics', 'ndcg,recall'];
    const metrics = ['ndcg', 'recall'] as const;
    expect(await json(...words, '--exclude', 'train.csv')).toEqual(
      evaluate(model, here.held, { metrics, exclude: here.rest }),
    );
    expect(await json(...words, '--exclude', 'none')).toEqual(evaluate(model, here.held, { metrics, exclude: 'none' }));
  });
});

test('search finds the same options as the library, and trains with them', async () => {
  const words = ['--factors', '2,4', '--regularization', 'log:0.1..10', '--trials', '4', '-o', 'best.safetensors'];
  const found = await json('search', 'train.csv', '--solver', 'als', ...words);
  const space = { solver: 'als', factors: [2, 4], regularization: { log: [0.1, 10] } } as const;
  const { best, trials } = await search(here.rest, space, { trials: 4 });
  expect(found).toEqual({ best, trials, out: 'best.safetensors' });
  expect((await opened('best.safetensors')).itemFactors).toEqual((await train(here.rest, best)).itemFactors);
  const { out } = await run('search', 'train.csv', '--factors', '2..4', '--trials', '2', '--metric', 'ndcg');
  expect(out).toMatch(/^2 trials:/);
  expect(out).toMatch(/Best: matfac train RATINGS --solver variational --epochs \d+ --factors \d/);
});

test('info describes a model', async () => {
  const { history, options } = await opened('model.safetensors');
  const found = await json('info', 'model.safetensors');
  expect(found).toMatchObject({
    solver: 'variational',
    users: here.rest.userCount,
    items: here.rest.itemCount,
    epochs: history.length,
  });
  expect(found.options).toMatchObject({ factors: options.factors, preferenceFactors: options.preferenceFactors });
  expect((await run('info', 'model.safetensors')).out).toMatch(/^solver +variational$/m);
});

test('convert writes a model without its users', async () => {
  const { bytes, before } = await json('convert', 'model.safetensors', '--drop', 'users', '-o', 'visitors.safetensors');
  expect(bytes).toBeLessThan(before);
  const [small, whole] = [await opened('visitors.safetensors'), await opened('model.safetensors')];
  expect(small.users).toEqual([]);
  expect(small.itemFactors).toEqual(whole.itemFactors);
});

test.each(['float16', 'int8'] as const)('convert writes %s, as the library does', async (dtype) => {
  const { bytes, before } = await json('convert', 'model.safetensors', '--dtype', dtype, '-o', `${dtype}.safetensors`);
  expect(bytes).toBeLessThan(before);
  const expected = (await opened('model.safetensors')).save({ dtype });
  expect(new Uint8Array(await readFile(join(here.folder, `${dtype}.safetensors`)))).toEqual(expected);
});

test('prints its version, its commands, and the flags of each command', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await run('--version')).toEqual({ status: 0, out: `${version}\n`, err: '' });
  const { out } = await run('--help');
  for (const name of ['train', 'evaluate', 'recommend', 'search', 'info', 'convert']) {
    expect(out).toContain(`  ${name} `);
    const help = await run(name, '--help');
    expect(help).toMatchObject({ status: 0, err: '' });
    expect(help.out).toContain(`Examples:\n  matfac ${name} `);
  }
});

const misuses: [words: string, message: RegExp][] = [
  ['', /a command is missing; there are train, evaluate/],
  ['tain x.csv', /there is no command 'tain': did you mean 'train'/],
  ['train', /a file is missing: matfac train RATINGS/],
  ['train a.csv b.csv', /there must be at most 1 file; 'b\.csv' is one too many/],
  ['train train.csv --factor 3', /there is no option --factor; did you mean --factors\?/],
  ['train train.csv --factors', /--factors needs a value: --factors N/],
  ['train train.csv --factors many', /--factors must be a number; it is 'many'/],
  ['train train.csv --factors 0', /--factors must be a whole number from 1 to 1024; it is 0/],
  ['train train.csv --factors 2 --factors 3', /--factors must be .*; it is given 2 times/],
  ['train train.csv --solver asl', /--solver must be one of variational, als, .*; it is 'asl' \(did you mean 'als'/],
  ['train train.csv --solver sgd --learning-rate 0', /--learning-rate must be a finite number above 0; it is 0/],
  [
    'train train.csv --solver sgd --learning-rate 1e6',
    /--learning-rate must be smaller; it is 1000000, and the loss diverges/,
  ],
  [
    'train train.csv --confidence 5',
    /--confidence must be left out with the solver 'variational', .*'implicit-als'\); it is 5/,
  ],
  ['search train.csv --solver nmf --samples 2,3', /2 for --samples: .* \(read by 'bayesian'\); it is 2/],
  ['train train.csv --validation strangers.csv', /^matfac train: --validation must have users of the ratings/],
  [
    'evaluate model.safetensors strangers.csv',
    /^matfac evaluate: evaluate: test must have users of the model, such as \d+;/,
  ],
  [
    'evaluate model.safetensors test.csv --exclude strangers.csv',
    /^matfac evaluate: evaluate: --exclude must have users of the model/,
  ],
  ['recommend model.safetensors --rate 1=50', /The rating of item '1' must be from 0.5 to 5; it is 50/],
  ['train train.csv --columns who=user', /--columns must be of the form .*; it has 'who=user'/],
  ['evaluate model.safetensors test.csv --k 0', /-k must be .*; it is 0/],
  ['evaluate model.safetensors test.csv --metrics rsme', /did you mean 'rmse'/],
  ['recommend model.safetensors', /--user, --rate or --profile is missing/],
  ['recommend model.safetensors --user 1 --rate 2=3', /--user and --rate must not be given together/],
  ['recommend model.safetensors --rate 2=3 --profile own.csv', /--rate and --profile must not be given together/],
  ['recommend model.safetensors --user 1 --by stars', /--by must be 'preference' or 'rating'; it is 'stars'/],
  ['recommend model.safetensors --rate 1=much', /--rate must be a number; it is 'much'/],
  ['search train.csv', /the search needs at least one option/],
  ['search train.csv --factors 9..2', /for --factors/],
  ['convert model.safetensors --out x --dtype float8', /--dtype must be .*; it is 'float8'/],
  ['convert model.safetensors', /--out is missing/],
  ['convert model.safetensors --out x --drop items', /--drop must be users, ratings or both; it has 'items'/],
];
test.each(misuses)('`matfac %s` is a usage error: status 2, and a message that names it', async (words, message) => {
  const { status, out, err } = await run(...words.split(' ').filter(Boolean));
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(message);
  expect(err).toMatch(/--help shows the usage/);
});

test('other failures have status 1', async () => {
  await writeFile(join(here.folder, 'bad.csv'), 'user,item,rating\n1,2,3\n1,3,oops\n');
  await writeFile(join(here.folder, 'bad.safetensors'), 'nothing');
  const failures: [words: string, message: RegExp][] = [
    ['train nowhere.csv', /nowhere\.csv could not be read/],
    ['train bad.csv', /bad\.csv: .*oops/],
    ['info nowhere.safetensors', /nowhere\.safetensors could not be read/],
    ['info bad.safetensors', /bad\.safetensors: .*not a complete matfac model/],
    ['recommend model.safetensors --user nobody', /no user 'nobody'/],
    [
      'train train.csv --epochs 1 --out no/such/folder.safetensors',
      /no\/such\/folder\.safetensors could not be written/,
    ],
  ];
  for (const [words, message] of failures) {
    const { status, err } = await run(...words.split(' '));
    expect(err).toMatch(message);
    expect({ words, status }).toEqual({ words, status: 1 });
  }
});

test('bad rows can be skipped, and are counted', async () => {
  await writeFile(join(here.folder, 'some.csv'), 'user,item,rating\n1,2,3\n1,3,oops\n2,3,4\n');
  expect(await json('train', 'some.csv', '--skip-bad-rows', '--epochs', '1')).toMatchObject({ ratings: 2, skipped: 1 });
});
