// Plain JavaScript: the tests run it in Node, and serve it unchanged to a browser.

/** @typedef {import('../../../bindings/js/core/core.js').CoreFactory} CoreFactory */
/** @typedef {import('../../../bindings/js/core/core.js').CoreOptions} CoreOptions */
/** @typedef {{ size: string, seed: number, hash: string }} Golden */
/** @typedef {{ ratings: Golden[], cases: (Golden & { name: string, options: CoreOptions, features?: { users: number, items: number } })[] }} GoldenModels */

/** FNV-1a, 64 bits, of the bytes of these arrays, in hex. @param {ArrayBufferView[]} arrays */
function fnv1a(arrays) {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      low = (low ^ byte) >>> 0;
      // Times the prime 2^40 + 0x1b3, modulo 2^64, in two halves.
      const product = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
      low = product >>> 0;
    }
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}

/** Of so many kinds, as the description in the file says. @param {number} rows @param {number} [kinds] */
function featuresOf(rows, kinds) {
  if (kinds === undefined) return null;
  const [offsets, columns, values] = [[0], /** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  for (let row = 0; row < rows; row++) {
    columns.push(row % kinds, ...(row % 2 === 0 ? [kinds] : []));
    values.push(1, ...(row % 2 === 0 ? [0.5] : []));
    offsets.push(columns.length);
  }
  const [starts, cells] = [Int32Array.from(offsets), Int32Array.from(columns)];
  return { offsets: starts, columns: cells, values: Float32Array.from(values), width: kinds + 1 };
}

/**
 * The models of tests/golden/models.json, made by the WebAssembly module here.
 * @param {CoreFactory} createCore @param {GoldenModels} golden
 */
export async function hashesOf(createCore, golden) {
  const core = await createCore();
  const ratings = golden.ratings.map(({ size, seed }) => {
    const { users, items, values } = core.generate(size, seed);
    return fnv1a([users, items, values]);
  });
  const cases = golden.cases.map(({ size, seed, options, features }) => {
    const made = core.generate(size, seed);
    const { users, items, values, userCount, itemCount } = made;
    const untimed = new Float64Array();
    const frozen = core.createRatings(users, items, values, untimed, userCount, itemCount);
    const none = new Int32Array();
    const trainer = core.createTrainer(frozen, options, none, none, new Float32Array(), untimed, null, {
      userFeatures: featuresOf(userCount, features?.users),
      itemFeatures: featuresOf(itemCount, features?.items),
    });
    while (!trainer.finished()) trainer.advance(0.002);
    const tensors = trainer.tensors(null);
    const { userFactors, itemFactors, userBias, itemBias, likedUsers, likedItems } = tensors;
    const { userFeatureWeights, itemFeatureWeights, userFeatureLiked, itemFeatureLiked } = tensors;
    const weights = [userFeatureWeights, itemFeatureWeights, userFeatureLiked, itemFeatureLiked];
    return fnv1a([userFactors, itemFactors, userBias, itemBias, likedUsers, likedItems, ...weights]);
  });
  return { foobar: fnv1a([new TextEncoder().encode('foobar')]), ratings, cases };
}
