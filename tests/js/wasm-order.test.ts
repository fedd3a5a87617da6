import { expect, test } from 'vitest';
import { alikeTogether } from '../../scripts/lib/wasm/alike.mjs';
import { functionBodies, withFunctionNames } from '../../scripts/lib/wasm/sections.mjs';

/** Imports a function and the memory, and exports a function of its own that returns 7. */
const MODULE = Buffer.from([
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 8, 2, 96, 0, 0, 96, 0, 1, 127],
  ...[2, 14, 2, 1, 101, 1, 102, 0, 0, 1, 101, 1, 109, 2, 0, 1],
  ...[3, 3, 2, 1, 0],
  ...[7, 5, 1, 1, 115, 0, 1],
  ...[10, 9, 2, 4, 0, 65, 7, 11, 2, 0, 11],
]);

test('functions are read and named behind those that are imported', async () => {
  expect(functionBodies(MODULE).map((body) => [...body])).toEqual([
    [0, 65, 7, 11],
    [0, 11],
  ]);
  const named = withFunctionNames(withFunctionNames(MODULE, ['old', 'names']), ['seven', 'empty']);
  const module = await WebAssembly.compile(named);
  const [names] = WebAssembly.Module.customSections(module, 'name');
  expect(Buffer.from(names ?? new ArrayBuffer(0)).toString('latin1')).toBe('\x01\x0f\x02\x01\x05seven\x02\x05empty');
  const imports = { e: { f: () => {}, m: new WebAssembly.Memory({ initial: 1 }) } };
  const { s } = (await WebAssembly.instantiate(module, imports)).exports;
  expect((s as () => number)()).toBe(7);
});

test('blocks that are alike stand next to each other, each once', () => {
  const block = (seed: number, changed: number) =>
    Buffer.from(Array.from({ length: 200 }, (_, i) => (i === changed ? 255 : (i * i * seed + seed) % 251)));
  const blocks = [block(3, 10), block(5, 20), block(7, 30), block(3, 40), block(5, 50), block(7, 60)];
  const order = alikeTogether(blocks);
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  for (const pair of [0, 2, 4]) {
    const [one = 0, other = 0] = order.slice(pair, pair + 2);
    expect(Math.abs(one - other)).toBe(3);
  }
});
