import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { importProblems } from '../../scripts/check-imports.mjs';

/** The problems that the check finds in a project of these files. */
async function problemsOf(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'matfac-imports-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return importProblems(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const MODEL = 'bindings/js/model/model.ts';
const READER = 'bindings/js/io/models/import-model.ts';

test('imports from a lower room, and the two lazy ones, are allowed', async () => {
  const files = {
    'src/base/text.h': '#include <string>\n',
    'src/data/ratings.h': '#include "base/text.h"\n',
    'src/data/ratings.cpp': '#include "data/ratings.h"\n#include "../base/text.h"\n',
    'src/matfac.h': '#include "data/ratings.h"\n',
    'bindings/shared/checks.h': '#include "data/ratings.h"\n',
    'bindings/core/embind.cpp': '#include "matfac.h"\n#include "shared/checks.h"\n',
    'bindings/js/base/errors.ts': 'export const a = 1;\n',
    [MODEL]: `import type { Options } from '../io/models/import-model.js';
import { a } from '../base/errors.js';
export const read = async (o: Options) => (await import('../io/models/import-model.js')).read(o, a);
`,
    [READER]:
      "import { a } from '../../base/errors.js';\nexport type Options = typeof a;\nexport const read = () => a;\n",
    'bindings/js/index.ts': "export * from './model/model.js';\n",
    'bindings/js/cli/main.ts': "import * as matfac from '../index.js';\nimport { readFile } from 'node:fs';\n",
  };
  expect(await problemsOf(files)).toEqual([]);
});

test.each([
  [
    'of two modules',
    {
      'bindings/js/base/a.ts': "import { b } from './b.js';\n",
      'bindings/js/base/b.ts': "import {\n  a,\n} from './a.js';\n",
    },
    'bindings/js/base/a.ts → bindings/js/base/b.ts → bindings/js/base/a.ts',
  ],
  [
    'of types alone',
    {
      'web/state.ts': "export type { Space } from './spaces.js';\n",
      'web/spaces.ts': "import type { Solver } from './solvers.js';\n",
      'web/solvers.ts': "let state: import('./state.js').State;\n",
    },
    'web/solvers.ts → web/state.ts → web/spaces.ts → web/solvers.ts',
  ],
  [
    'of headers',
    { 'src/rows/gram.h': '#include "rows/ridge.h"\n', 'src/rows/ridge.h': '#  include "gram.h"\n' },
    'src/rows/gram.h → src/rows/ridge.h → src/rows/gram.h',
  ],
])('a circle %s is found', async (_, files, circle) => {
  expect(await problemsOf(files as Record<string, string>)).toEqual([`a circle: ${circle}`]);
});

test.each([
  ['src/base/text.cpp', '#include "data/ratings.h"', 'src/data/ratings.h', 'src/base', 'src/data'],
  ['src/training/trainer.h', '#include "matfac.h"', 'src/matfac.h', 'src/training', 'src'],
  [
    'bindings/serve/serve.cpp',
    '#include "core/marshal.h"',
    'bindings/core/marshal.h',
    'bindings/serve',
    'bindings/core',
  ],
  [
    'bindings/js/core/load.ts',
    "import type { M } from '../model/model.js';",
    MODEL,
    'bindings/js/core',
    'bindings/js/model',
  ],
  [
    'bindings/js/io/read.ts',
    "const r = import('./models/import-model.js');",
    READER,
    'bindings/js/io',
    'bindings/js/io/models',
  ],
  [
    'bindings/js/training/train.ts',
    "import '../index.js';",
    'bindings/js/index.ts',
    'bindings/js/training',
    'bindings/js',
  ],
  ['bindings/js/base/errors.ts', "import '../../../web/main.js';", 'web/main.ts', 'bindings/js/base', 'web'],
  ['src/data/split.h', '#include "shared/checks.h"', 'bindings/shared/checks.h', 'src/data', 'bindings/shared'],
])('%s must not import upward: %s', async (from, line, to, lower, upper) => {
  const problems = await problemsOf({ [from]: `${line}\n`, [to]: '\n' });
  const upward = `${from} imports ${to}: ${lower} must not import from ${upper}`;
  // The model written here has no lazy import, which is another problem.
  expect(problems.filter((problem) => !problem.startsWith(`${MODEL} no longer imports`))).toEqual([upward]);
});

test('a lazy import must not be an immediate one', async () => {
  const problems = await problemsOf({
    [MODEL]: "import { read } from '../io/models/import-model.js';\n",
    [READER]: '\n',
  });
  expect(problems).toEqual([
    `${MODEL} imports ${READER}: bindings/js/model must not import from bindings/js/io/models`,
  ]);
});

test('a file in no room, and an import of a missing file, are found', async () => {
  expect(await problemsOf({ 'src/new/file.cpp': '#include "missing.h"\n' })).toEqual([
    'src/new/file.cpp is in no room: add its room to scripts/check-imports.mjs',
    'src/new/file.cpp imports missing.h, which does not exist',
  ]);
});
