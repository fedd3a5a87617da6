/**
 * Watches the memory of the WebAssembly modules that are instantiated from now on; call it before the library loads its own.
 * Returns a function that gives the bytes they have.
 */
export function watchMemory(): () => number {
  const memories: WebAssembly.Memory[] = [];
  const instantiate = WebAssembly.instantiate as (
    ...all: unknown[]
  ) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;
  const watched = async (...all: unknown[]) => {
    const made = await instantiate(...all);
    for (const value of Object.values(made.instance.exports)) {
      if (value instanceof WebAssembly.Memory) memories.push(value);
    }
    return made;
  };
  Object.assign(WebAssembly, { instantiate: watched });
  return () => {
    if (memories.length === 0) throw new Error('No WebAssembly memory was seen');
    return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  };
}
