/** docs/dependencies.md lists what is bundled. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const listed = [...read('docs/dependencies.md').matchAll(/^\| ([\w-]+) \| (\w+).* \| ([\w.-]+) \|$/gm)]
  .map(([, name, where, licence]) => ({ name: name!, where: where!, licence: licence! }))
  .filter(({ name }) => name !== 'library');

test('every library in the package is listed, and no other', () => {
  const bundled = [...read('dist/third-party-licenses.txt').matchAll(/^(\S+) \d+\.\d+\.\d+$/gm)].map(
    ([, name]) => name,
  );
  const inPackage = listed.filter(({ where }) => where !== 'page').map(({ name }) => name);
  expect(inPackage.sort()).toEqual(bundled.sort());
});

test('the licences are those of the libraries, and none is a dependency of users', () => {
  for (const { name, licence } of listed) {
    expect(JSON.parse(read(`node_modules/${name}/package.json`)).license, name).toBe(licence);
  }
  expect(JSON.parse(read('package.json')).dependencies).toBeUndefined();
});
