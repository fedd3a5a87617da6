/** Loads the module of matfac/serve, which needs no more of Emscripten's glue than this. */

/** A function of the module: pointers, lengths and numbers. */
export type Raw = (...values: number[]) => number;

export interface ServeModule {
  /** Its buffer is replaced when it grows. */
  memory: WebAssembly.Memory;
  call: Record<string, Raw>;
}

/** Without `wasmUrl`, the file beside the code. */
export async function createModule(wasmUrl: string | undefined): Promise<ServeModule> {
  const url = wasmUrl === undefined ? new URL('./wasm/matfac-serve.wasm', import.meta.url) : new URL(wasmUrl);
  const { instance } = await WebAssembly.instantiate(await bytesOf(url), {
    env: { emscripten_notify_memory_growth: () => {} },
  });
  const exported = instance.exports as unknown as { memory: WebAssembly.Memory } & Record<string, Raw>;
  exported._initialize!();
  return { memory: exported.memory, call: exported };
}

/** All bytes, not a stream, which would need the right media type of the server; and Node's fetch reads no files. */
async function bytesOf(url: URL): Promise<BufferSource> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  if (url.protocol === 'file:' && process?.versions?.node) {
    // In the form that scripts/lib/glue.mjs knows: bundlers for browsers resolve the name of a module where they read it.
    const { readFile } = await import(['node:fs/promises'][0]!);
    return readFile(url);
  }
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${response.status}: ${response.url}`);
  return response.arrayBuffer();
}
