/** The charts of the bench, and those that are kept in bench/results. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { barChart, lineChart } from '../../bench/lib/chart.mjs';
import { LIGHT } from '../../bench/lib/chart-colours.mjs';

const results = fileURLToPath(new URL('../../bench/results/', import.meta.url));
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text!);

const lines = lineChart({
  title: 'Error',
  x: 'seconds',
  logX: true,
  logY: true,
  points: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5].flatMap((x, i) => [
    { x, y: 1.02 - i / 100, line: 'als' },
    { x, y: 1.021 - i / 100, line: 'sgd' },
  ]),
});
const bars = barChart({
  title: 'Cost',
  bars: [
    { group: 'als', bar: 'wasm', y: 0.0623 },
    { group: 'als', bar: 'native', y: 94.5 },
    { group: 'sgd', bar: 'wasm', y: 406 },
    { group: 'sgd', bar: 'native', y: 359.4 },
  ],
});

test('numbers are written without a prefix', () => {
  expect(textsOf(lines)).toEqual(expect.arrayContaining(['0.98', '1', '0.1']));
  expect(textsOf(bars)).toEqual(expect.arrayContaining(['0.0623', '94.5', '406', '359']));
});

test('the names of lines that end together stand apart', () => {
  const heights = ['als', 'sgd'].map((name) =>
    Number(new RegExp(`translate\\([\\d.]+,([\\d.]+)\\)"[^>]*>${name}<`).exec(lines)?.[1]),
  );
  expect(Math.abs(heights[0]! - heights[1]!)).toBeGreaterThanOrEqual(12);
});

test('the key names each bar once', () => {
  expect(textsOf(bars).filter((text) => text === 'wasm')).toHaveLength(1);
});

const kept = readdirSync(results)
  .filter((name) => name.endsWith('.svg'))
  .map((name) => ({ name, svg: readFileSync(results + name, 'utf8') }));

test.each([...kept, { name: 'lines', svg: lines }, { name: 'bars', svg: bars }])(
  '$name has a ground and colours for light and for dark pages',
  ({ svg }) => {
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).not.toMatch(/style="/);
    for (const text of textsOf(svg)) expect(text).not.toMatch(/^[\d.]+[a-zµ]$/);
    const used = new Set([...svg.matchAll(/ (?:fill|stroke)="(#[0-9a-f]{6})"/g)].map(([, colour]) => colour!));
    expect(used.size).toBeGreaterThan(0);
    for (const colour of used) expect(LIGHT).toContain(colour);
  },
);
