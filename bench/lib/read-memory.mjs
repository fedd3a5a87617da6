// The simplest loop that reads memory in wasm, to compare with a loop that also computes something.

const SIMD_ADD = [0xfd, 0xe4, 0x01];

/** (end: i32) → f32: four sums of vectors, 64 bytes per step. */
function code() {
  const steps = [0, 1, 2, 3].flatMap((sum) => [
    ...[0x20, 2 + sum, 0x20, 1, 0xfd, 0x00, 4, 16 * sum], // local sum, local place, v128.load
    ...[...SIMD_ADD, 0x21, 2 + sum],
  ]);
  const next = [0x20, 1, 0x41, 0xc0, 0x00, 0x6a, 0x22, 1, 0x20, 0, 0x49, 0x0d, 0]; // place += 64; again while place < end
  const total = [0x20, 2, 0x20, 3, ...SIMD_ADD, 0x20, 4, ...SIMD_ADD, 0x20, 5, ...SIMD_ADD, 0xfd, 0x1f, 0];
  const locals = [2, 1, 0x7f, 4, 0x7b];
  return [...locals, 0x03, 0x40, ...steps, ...next, 0x0b, ...total, 0x0b];
}

/** Reads `bytes` bytes, a multiple of 64 KiB. @param {number} bytes @returns {() => number} */
export function memoryReader(bytes) {
  const body = code();
  const bytecode = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7d], // type
    ...[2, 10, 1, 3, 0x65, 0x6e, 0x76, 1, 0x6d, 2, 0, 0], // import env.m, a memory
    ...[3, 2, 1, 0], // function
    ...[7, 5, 1, 1, 0x72, 0, 0], // export r
    ...[10, body.length + 2, 1, body.length, ...body],
  );
  const memory = new WebAssembly.Memory({ initial: bytes / 65536 });
  new Float32Array(memory.buffer).fill(0.5);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytecode), { env: { m: memory } });
  return () => /** @type {(end: number) => number} */ (instance.exports.r)(bytes);
}
