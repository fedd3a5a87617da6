/** Whatever happens to a file, it is refused as corrupt, or the model is exactly the one that was saved. */
import fc from 'fast-check';
import { MatfacError, Model, Ratings, type SaveOptions, type TrainOptions, train } from 'matfac';
import { beforeAll, describe, expect, test } from 'vitest';
import { checksumOf } from '../../bindings/js/base/checksum.js';
import { decodeTensors, encodeTensors } from '../../bindings/js/base/safetensors.js';

const KINDS: [name: string, options: TrainOptions, save: SaveOptions][] = [
  ['als in float32', {}, {}],
  ['als in int8', {}, { dtype: 'int8' }],
  ['als in float16 without users', {}, { dtype: 'float16', users: false }],
  ['svd++ in int8', { solver: 'svd++' }, { dtype: 'int8' }],
  ['bayesian in float32', { solver: 'bayesian', samples: 2, implicitTerms: 'both' }, {}],
  ['bayesian in int8', { solver: 'bayesian', samples: 2, implicitTerms: 'both' }, { dtype: 'int8' }],
];

describe.each(KINDS)('%s', (_, options, save) => {
  let bytes: Uint8Array;
  let same: Uint8Array;
  beforeAll(async () => {
    const ratings = Ratings.from([
      ['ann', 1, 4],
      ['ann', 2, 2],
      ['bob "é" 名', 1, 5],
    ]);
    bytes = (await train(ratings, { factors: 2, epochs: 3, ...options })).save(save);
    same = (await Model.load(bytes)).save();
  });

  /** Only these two outcomes: no other error, no other model. */
  async function expectRefusedOrSame(damaged: Uint8Array) {
    const result = await Model.load(damaged).catch((error) => error);
    if (result instanceof Model) expect(result.save(save.users === false ? { users: false } : {})).toEqual(same);
    else expect(result).toMatchObject({ name: 'MatfacError', code: 'corrupt-model' });
    return result instanceof Model;
  }

  test('every single flipped bit is detected', async () => {
    let noticed = 0;
    for (let place = 0; place < bytes.length; place++) {
      const damaged = bytes.slice();
      damaged[place]! ^= 1 << (place % 8);
      if (!(await expectRefusedOrSame(damaged))) noticed++;
    }
    expect(noticed).toBe(bytes.length);
  });

  test('bytes changed, removed, doubled or inserted anywhere', async () => {
    const place = fc.nat({ max: bytes.length });
    const change = fc.record({ start: place, length: fc.nat({ max: 40 }), put: fc.uint8Array({ maxLength: 40 }) });
    await fc.assert(
      fc.asyncProperty(change, async ({ start, length, put }) => {
        await expectRefusedOrSame(new Uint8Array([...bytes.slice(0, start), ...put, ...bytes.slice(start + length)]));
      }),
      { numRuns: 300 },
    );
  });

  test('a field with other contents and a valid checksum: refused, or a complete model that works', async () => {
    const { metadata, tensors } = decodeTensors(bytes);
    const text = fc.oneof(fc.json(), fc.string(), fc.constantFrom('null', '[]', '{}', '-1', '1e999', '[1,1]', '[0]'));
    const field = fc.record({ name: fc.constantFrom(...Object.keys(metadata).filter((n) => n !== 'checksum')), text });
    const entry = fc.record({
      tensor: fc.constantFrom(...tensors.keys()),
      shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
      dtype: fc.constantFrom('F32', 'F16', 'I8', 'I32', 'U16', 'U8', 'I64'),
      fill: fc.nat({ max: 255 }),
    });
    const sizes: { [dtype: string]: number } = { F32: 4, F16: 2, I8: 1, I32: 4, U16: 2, U8: 1, I64: 8 };
    await fc.assert(
      fc.asyncProperty(fc.oneof(field, entry), async (change) => {
        const file = decodeTensors(bytes);
        if ('text' in change) file.metadata[change.name] = change.text;
        else {
          const { dtype, shape, fill } = change;
          const size = shape.reduce((product, count) => product * count, sizes[dtype]!);
          file.tensors.set(change.tensor, { dtype, shape, data: new Uint8Array(size).fill(fill) });
        }
        const reread = decodeTensors(encodeTensors(file));
        reread.metadata.checksum = checksumOf(reread);
        const result = await Model.load(encodeTensors(reread)).catch((error) => error);
        if (result instanceof MatfacError) expect(result.code).toBe('corrupt-model');
        // Numbers near the limit of float32 may leave no finite score.
        else expect(result.foldIn([]).recommend({ n: 1 }).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 400 },
    );
  });
});
