/** The first bytes of other kinds of files, one character per byte. */
const KINDS: readonly (readonly [start: string, kind: string])[] = [
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['%PDF', 'a PDF'],
  ['PK', 'a zip archive'],
  ['\x1f\x8b', 'a gzip file'],
  ['PAR1', 'a Parquet file'],
  ['\x93NUMPY', 'a NumPy array'],
  ['\x80\x02', 'a Python pickle'],
  ['\x80\x04', 'a Python pickle'],
  ['\x89HDF', 'an HDF5 file'],
  ['SQLite', 'an SQLite database'],
  ['<', 'a web page'],
];

/** What a file that is no safetensors file begins like; undefined where its first bytes do not tell. */
export function otherKindOf(bytes: Uint8Array): string | undefined {
  // The header of a safetensors file begins here, after its length, which may have any bytes.
  if (bytes[8] === 0x7b) return undefined;
  const start = String.fromCharCode(...bytes.subarray(0, 8));
  const known = KINDS.find(([signature]) => start.startsWith(signature))?.[1];
  // As the length of a header, eight of these are 2^56 and more.
  return known ?? (/^[\t\n\r\x20-\x7e]{8}/.test(start) ? 'a text' : undefined);
}
