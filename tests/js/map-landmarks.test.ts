/** What the page says about the places on its map, on planted points. */
import { describe, expect, test } from 'vitest';
import { axesByGroups, axesByPoints, axesOf, centroidsOf, placeOfVisitor } from '../../web/compute/map-landmarks.js';

/** A hundred points on a grid of ten by ten, x first. */
const positions = Float64Array.from({ length: 200 }, (_, i) => {
  const point = Math.floor(i / 2);
  return i % 2 === 0 ? point % 10 : Math.floor(point / 10);
});
const where = (isThere: (x: number, y: number) => boolean) =>
  Array.from({ length: 100 }, (_, i) => i).filter((i) => isThere(i % 10, Math.floor(i / 10)));

describe('the ends of the axes', () => {
  const groups = new Map([
    ['west', where((x) => x < 2)],
    ['far west', where((x) => x === 0)],
    ['half west', where((x) => x < 5)],
    ['east', where((x) => x > 7)],
    ['north', where((_, y) => y > 6)],
    ['everywhere', where((x, y) => (x + y) % 2 === 0)],
  ]);

  test('are the groups furthest to either side, and none that is on both', () => {
    expect(axesByGroups(groups, positions)).toEqual({
      x: { low: ['far west', 'west'], high: ['east'] },
      y: { low: [], high: ['north'] },
    });
  });

  test('without groups are the best known of the outermost points', () => {
    const { x, y } = axesByPoints(positions, (index) => `item ${index}`);
    expect(x).toEqual({ low: ['item 0'], high: ['item 9'] });
    expect(y).toEqual({ low: ['item 1'], high: ['item 90'] });
    expect(axesByPoints(new Float64Array(200), String)).toEqual({ x: { low: [], high: [] }, y: { low: [], high: [] } });
  });

  test('are of groups only where both ends have some', () => {
    const { x, y } = axesOf(groups, positions, (index) => `item ${index}`);
    expect(x).toEqual({ low: ['far west', 'west'], high: ['east'] });
    expect(y).toEqual({ low: ['item 1'], high: ['item 90'] });
  });

  test('a group is at the mean of its points', () => {
    expect(centroidsOf(new Map([['corner', [0, 1, 10, 11]]]), positions)).toEqual([{ name: 'corner', x: 0.5, y: 0.5 }]);
  });
});

describe('the visitor', () => {
  test('is at the mean of what was rated above the middle, by how far above', () => {
    const rated = [
      { index: 3, rating: 5 },
      { index: 40, rating: 3.5 },
      { index: 99, rating: 1 },
      { index: -1, rating: 5 },
    ];
    const place = placeOfVisitor(rated, positions, 3)!;
    expect(place.x).toBeCloseTo((2 * 3) / 2.5);
    expect(place.y).toBeCloseTo((0.5 * 4) / 2.5);
  });

  test('is nowhere without anything liked', () => {
    expect(placeOfVisitor([{ index: 3, rating: 3 }], positions, 3)).toBeNull();
    expect(placeOfVisitor([], positions, 3)).toBeNull();
  });
});
