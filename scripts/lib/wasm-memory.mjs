/**
 * Watches the memory of the WebAssembly modules that are instantiated in this scope from now on; call it before the library
 * loads its own. Returns a function that gives the bytes they have. It imports nothing, so that a page can run its text.
 */
export function watchMemory() {
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  for (const name of /** @type {const} */ (['instantiate', 'instantiateStreaming'])) {
    const instantiate = /** @type {(...all: any[]) => Promise<any>} */ (WebAssembly[name]);
    /** @param {...any} all */
    const watched = async (...all) => {
      const made = await Reflect.apply(instantiate, WebAssembly, all);
      for (const value of Object.values((made.instance ?? made).exports)) {
        if (value instanceof WebAssembly.Memory) memories.push(value);
      }
      return made;
    };
    Object.assign(WebAssembly, { [name]: watched });
  }
  return () => {
    if (memories.length === 0) throw new Error('No WebAssembly memory was seen');
    return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  };
}
