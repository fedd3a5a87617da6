// The sections of a WebAssembly module (https://webassembly.github.io/spec/core/binary/modules.html).

const IMPORTS = 2;
const CODE = 10;
const CUSTOM = 0;
const HEADER_BYTES = 8;

class Reader {
  /** @param {Buffer} bytes */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes.readUInt8(this.at++);
  }

  /** An unsigned LEB128. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  /** A vector of bytes. */
  block() {
    const length = this.number();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
}

/** @param {number} value */
function leb128(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

/** @param {Buffer} bytes */
const block = (bytes) => Buffer.concat([leb128(bytes.length), bytes]);

/** @param {Buffer} module */
function* sections(module) {
  const reader = new Reader(module, HEADER_BYTES);
  while (reader.at < module.length) {
    const start = reader.at;
    const id = reader.byte();
    const contents = reader.block();
    yield { id, contents, whole: module.subarray(start, reader.at) };
  }
}

/** @param {Buffer} module @param {number} wanted */
function contentsOf(module, wanted) {
  for (const { id, contents } of sections(module)) if (id === wanted) return new Reader(contents);
  throw new Error(`The module has no section ${wanted}`);
}

/** How many functions the module imports: their indices come before those of its own. @param {Buffer} module */
function importedFunctions(module) {
  const reader = contentsOf(module, IMPORTS);
  let functions = 0;
  for (let left = reader.number(); left > 0; --left) {
    reader.block();
    reader.block();
    const [type, table, memory, global] = [0, 1, 2, 3];
    const kind = reader.byte();
    if (kind === type) ++functions;
    if (kind === table || kind === global) reader.byte();
    if (kind === table || kind === memory) reader.limits();
    else reader.number();
  }
  return functions;
}

/** The code of each of the module's own functions. @param {Buffer} module */
export function functionBodies(module) {
  const reader = contentsOf(module, CODE);
  return Array.from({ length: reader.number() }, () => reader.block());
}

/** The module with these names of its own functions, in place of what names it had. @param {Buffer} module @param {string[]} names */
export function withFunctionNames(module, names) {
  const FUNCTION_NAMES = 1;
  const first = importedFunctions(module);
  const map = names.map((name, index) => Buffer.concat([leb128(first + index), block(Buffer.from(name))]));
  const functions = block(Buffer.concat([leb128(names.length), ...map]));
  const section = Buffer.concat([block(Buffer.from('name')), Buffer.from([FUNCTION_NAMES]), functions]);
  const others = [...sections(module)].filter(
    ({ id, contents }) => id !== CUSTOM || new Reader(contents).block().toString() !== 'name',
  );
  return Buffer.concat([
    module.subarray(0, HEADER_BYTES),
    ...others.map(({ whole }) => whole),
    Buffer.from([CUSTOM]),
    block(section),
  ]);
}
