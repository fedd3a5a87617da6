/** Numbers in [0, 1) by the linear congruence of Numerical Recipes: the same for a seed, in Node and in a page. @param {number} seed */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @template T @param {readonly T[]} list @param {() => number} random @returns {T} */
export function oneOf(list, random) {
  return /** @type {T} */ (list[Math.floor(random() * list.length)]);
}
