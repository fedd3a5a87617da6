/** WebAssembly whose memory cannot grow much. */

/** An unsigned LEB128 number at an offset, and the offset behind it. */
function numberAt(bytes: Uint8Array, at: number): [value: number, next: number] {
  let [value, scale] = [0, 1];
  for (let next = at; ; ++next, scale *= 128) {
    const byte = bytes[next]!;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, next + 1];
  }
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...leb128(Math.floor(value / 128))];
}

const HEADER = 8;
const MEMORY_SECTION = 5;

/** A module with a memory of its own, whose maximum is this many pages of 64 KiB above its initial size. */
export function withSmallMemory(module: Uint8Array, pages: number): Buffer {
  for (let at = HEADER; at < module.length; ) {
    const [size, contents] = numberAt(module, at + 1);
    if (module[at] !== MEMORY_SECTION) {
      at = contents + size;
      continue;
    }
    const [initial] = numberAt(module, contents + 2);
    const limits = [1, 1, ...leb128(initial), ...leb128(initial + pages)];
    const section = Uint8Array.of(MEMORY_SECTION, limits.length, ...limits);
    return Buffer.concat([module.subarray(0, at), section, module.subarray(contents + size)]);
  }
  throw new Error('The module has no memory of its own');
}
