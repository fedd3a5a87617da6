import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installed, installPackage, root, run } from './support/installed.js';

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

/** Runs a module in the folder where the package is installed, and parses the JSON that it prints. */
async function runModule(code: string): Promise<unknown> {
  const file = join(installed.folder, 'script.mjs');
  await writeFile(file, code);
  return JSON.parse(await run(process.execPath, [file], installed.folder));
}

test('trains and recommends in Node, and the process exits', async () => {
  const items = await runModule(`
    import { Ratings, train } from 'matfac';
    const ratings = Ratings.from([
      { user: 'ann', item: 'dune', rating: 5 },
      { user: 'ann', item: 'emma', rating: 2 },
      { user: 'bob', item: 'dune', rating: 4 },
      { user: 'bob', item: 'solaris', rating: 5 },
      { user: 'eve', item: 'emma', rating: 5 },
      { user: 'eve', item: 'persuasion', rating: 4 },
    ]);
    const model = await train(ratings, { factors: 2 });
    console.log(JSON.stringify(model.recommend('ann', { n: 10 })));
  `);
  // All items that ann has not rated, best first.
  const recommendations = items as { item: string; score: number }[];
  expect(recommendations.map(({ item }) => item).sort()).toEqual(['persuasion', 'solaris']);
  expect(recommendations[0]!.score).toBeGreaterThanOrEqual(recommendations[1]!.score);
});

test('a bad option is a MatfacError that names it', async () => {
  const failure = await runModule(`
    import { MatfacError, Ratings, train } from 'matfac';
    try {
      await train(Ratings.from([['ann', 'dune', 5], ['bob', 'dune', 4]]), { factors: -3 });
      console.log('null');
    } catch (error) {
      const { code, message } = error;
      console.log(JSON.stringify({ isMatfacError: error instanceof MatfacError, code, message }));
    }
  `);
  expect(failure).toMatchObject({ isMatfacError: true, code: 'invalid-argument' });
  const { message } = failure as { message: string };
  expect(message).toContain('factors');
  expect(message).toContain('-3');
});

test('npx matfac trains on a file and recommends, and a wrong option is status 2', async () => {
  const rows = [
    'user,item,rating',
    'ann,dune,5',
    'ann,emma,2',
    'bob,dune,4',
    'bob,solaris,5',
    'eve,emma,5',
    'eve,solaris,1',
  ];
  await writeFile(join(installed.folder, 'ratings.csv'), `${rows.join('\n')}\n`);
  const matfac = (...words: string[]) => run('npx', ['--no-install', 'matfac', ...words], installed.folder);
  await matfac('train', 'ratings.csv', '--factors', '2', '--out', 'model.safetensors');
  const found = await matfac('recommend', 'model.safetensors', '--user', 'ann', '--json');
  expect((JSON.parse(found) as { item: string }[]).map(({ item }) => item)).toEqual(['solaris']);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(await matfac('--version')).toBe(`${version}\n`);
  const wrong = await matfac('train', 'ratings.csv', '--factor', '2').catch((error) => error);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/no option --factor; did you mean --factors/);
});

const consumer = `
  import { type EpochReport, MatfacError, type Model, Ratings, train } from 'matfac';

  export async function learn(rows: [string, string, number][], onEpoch: (report: EpochReport) => void) {
    const training = train(Ratings.from(rows), { factors: 8, onEpoch });
    for await (const { epoch, loss } of training) console.log(epoch.toFixed(), loss.toFixed(3));
    const model: Model = await training;
    return model.recommend('ann', { n: 3 }).map(({ item, score }) => \`\${item} \${score.toFixed(2)}\`);
  }
  export const codeOf = (error: unknown) => (error instanceof MatfacError ? error.code : undefined);
  // @ts-expect-error There is no such option.
  train(Ratings.from([['ann', 'dune', 5]]), { factor: 8 });
  // @ts-expect-error A code of the closed union only.
  export const closed = (error: MatfacError) => error.code === 'no-such-code';
`;

test.each(['bundler', 'nodenext'])('its types are valid in a strict project (%s)', async (moduleResolution) => {
  await writeFile(join(installed.folder, 'consumer.ts'), consumer);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    // They must be valid by themselves: without @types/node, and without skipLibCheck.
    types: [],
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2022', 'esnext.disposable', 'dom'],
    module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
    moduleResolution,
    noEmit: true,
  };
  await writeFile(join(installed.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const problems = await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], installed.folder).catch(
    (error: { stdout: string }) => error.stdout,
  );
  expect(problems).toBe('');
});
