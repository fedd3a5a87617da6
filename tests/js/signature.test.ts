/** What the page says that a file is when it is no model. */
import { Ratings, train } from 'matfac';
import { expect, test } from 'vitest';
import { otherKindOf } from '../../web/base/signature.js';

const others: [name: string, start: string, kind: string][] = [
  ['a PNG image', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'a PNG image'],
  ['a photograph', '\xff\xd8\xff\xe0\0\x10JFIF\0', 'a JPEG image'],
  ['a zip archive', 'PK\x03\x04\x14\0\0\0\x08\0', 'a zip archive'],
  ['a model in gzip', '\x1f\x8b\x08\0\0\0\0\0\0\x03', 'a gzip file'],
  ['a PDF', '%PDF-1.7\n%', 'a PDF'],
  ['a pickle', '\x80\x04\x95\x10\0\0\0\0\0\0\0}', 'a Python pickle'],
  ['a NumPy array', "\x93NUMPY\x01\0v\0{'descr'", 'a NumPy array'],
  ['a page', '<!doctype html><title>404</title>', 'a web page'],
  ['ratings', 'user,item,rating\n1,2,3\n', 'a text'],
  ['JSON', '{\n  "users": []}', 'a text'],
];
test.each(others)('%s', (_, start, kind) => {
  const bytes = Uint8Array.from(start, (character) => character.charCodeAt(0));
  expect(otherKindOf(bytes)).toBe(kind);
});

test('a model is none of them, even if the length of its header reads PK', async () => {
  const bytes = (await train(await Ratings.sample('tiny'), { solver: 'bias' })).save();
  expect(otherKindOf(bytes)).toBeUndefined();
  bytes.set([0x50, 0x4b, 0, 0, 0, 0, 0, 0]);
  expect(otherKindOf(bytes)).toBeUndefined();
});

test('bytes of no kind', () => {
  expect(otherKindOf(new Uint8Array(16).fill(1))).toBeUndefined();
  expect(otherKindOf(new Uint8Array())).toBeUndefined();
});
