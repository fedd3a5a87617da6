/** Ids that one thread sends to another arrive unchanged. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GrowingIds, type Id } from '../../bindings/js/ratings/ids.js';
import { buffersOfIds, packIds, UnpackedIds } from '../../bindings/js/ratings/packed-ids.js';

/** A copy as a message makes it. */
const handedOver = (ids: readonly Id[]) => {
  const packed = packIds(GrowingIds.from(ids));
  return new UnpackedIds(structuredClone(packed, { transfer: buffersOfIds(packed) as ArrayBuffer[] }));
};

const someId = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.constantFrom<Id>('7', 7, 0, '0', 2 ** 32, 2 ** 32 + 7),
);

describe('packed ids', () => {
  test('are the same, in the same order, whatever they are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(someId, { maxLength: 700 }), someId, (list, other) => {
        const ids = handedOver(list);
        expect(ids.size).toBe(list.length);
        expect(list.map((_, index) => ids.at(index))).toEqual(list);
        expect(list.map((id) => ids.find(id))).toEqual(list.map((_, index) => index));
        expect(ids.list).toEqual(list);
        expect(ids.exact(other)).toBe(list.indexOf(other));
        expect(ids.find(other)).toBe(GrowingIds.from(list).find(other));
      }),
    );
  });

  const kinds: [name: string, list: Id[]][] = [
    ['none', []],
    ['numbers alone', Array.from({ length: 1000 }, (_, index) => index ** 4)],
    ['strings alone', Array.from({ length: 1000 }, (_, index) => `user ${index ** 2}`)],
    ['beyond ASCII', ['Amélie', '東京', '🎬', 'e\u0301', '\u0080', '\ufeff', 'ann']],
    ['halves of pairs, which JSON can write', ['\ud800', '\ud801', '\udc00', 'a\ud83c']],
    ['a long one among short ones', ['a', 'b'.repeat(100_000), 'c', 'é'.repeat(100_000)]],
  ];
  test.each(kinds)('%s', (_, list) => {
    const ids = handedOver(list);
    expect(ids.list).toEqual(list);
    expect(Array.from(ids.findAll(list))).toEqual(Array.from(list.keys()));
    expect(ids.find('nobody')).toBe(-1);
    expect(ids.find(3)).toBe(-1);
  });

  test('callers cannot change their order', () => {
    const { list } = handedOver(['a', 'b']);
    expect(() => (list as Id[]).push('c')).toThrow(TypeError);
  });
});
