import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './support/installed.js';

const { repository, homepage, bugs } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const readme = await readFile(join(root, 'README.md'), 'utf8');
const links = [...readme.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
  ([, inline, reference]) => inline ?? reference!,
);
const project = repository.url.replace(/^git\+|\.git$/g, '');

test('package.json names one place for the source, the page and the bugs', () => {
  expect(project).toMatch(/^https:\/\/github\.com\/[\w-]+\/[\w-]+$/);
  expect([homepage, bugs]).toEqual([`${project}#readme`, `${project}/issues`]);
});

test("every link and picture of the README works on the registry's page", () => {
  expect(links.length).toBeGreaterThan(5);
  // Relative links would point into the registry; anchors stay on the page.
  expect(links.filter((link) => !/^(https:\/\/|#)/.test(link))).toEqual([]);
});

test('every link of the README into this project leads to an existing file', () => {
  const raw = project.replace('https://github.com/', 'https://raw.githubusercontent.com/');
  const prefixes = [`${project}/blob/main/`, `${project}/tree/main/`, `${raw}/main/`];
  const paths = links.flatMap((link) => {
    const prefix = prefixes.find((start) => link.startsWith(start));
    return prefix ? [link.slice(prefix.length)] : [];
  });
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  // A link into the project in another form would go unchecked.
  const others = links.filter(
    (link) => link.includes('matfac/matfac') && !prefixes.some((start) => link.startsWith(start)),
  );
  expect(others).toEqual([]);
});

test('every reference in the README has its definition', () => {
  const defined = [...readme.matchAll(/^\[([^\]]+)\]: /gm)].map(([, name]) => name!);
  const text = readme.replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
  const used = [...text.matchAll(/\]\[([^\]]+)\]/g)].map(([, name]) => name!);
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((name) => !defined.includes(name))).toEqual([]);
});
