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

test('the bill of materials has the same libraries, with their versions and licences, and those of the core', () => {
  const { components, ...bill } = JSON.parse(read('dist/sbom.cdx.json'));
  expect(bill).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { name: 'matfac' } },
  });
  const entries = (components as { name: string; version: string; licenses: { license: { id: string } }[] }[]).map(
    ({ name, version, licenses }) => `${name} ${version} ${licenses[0]!.license.id}`,
  );
  const fromNpm = [...read('dist/third-party-licenses.txt').matchAll(/^(\S+) (\d+\.\d+\.\d+)$/gm)].map(
    ([, name, version]) => `${name} ${version} ${listed.find((each) => each.name === name)!.licence}`,
  );
  expect(entries.slice(0, -2)).toEqual(fromNpm);
  expect(entries.at(-2)).toMatch(/^eigen 3\.\d+\.\d+ MPL-2\.0$/);
  expect(entries.at(-1)).toMatch(/^emscripten \d+\.\d+\.\d+\S* MIT$/);
});

test('the licences are those of the libraries, and none is a dependency of users', () => {
  for (const { name, licence } of listed) {
    expect(JSON.parse(read(`node_modules/${name}/package.json`)).license, name).toBe(licence);
  }
  expect(JSON.parse(read('package.json')).dependencies).toBeUndefined();
});
