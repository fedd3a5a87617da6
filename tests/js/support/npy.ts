/** An array as NumPy writes it; `descr` names the type, such as '<f8'. */
export function npy(descr: string, shape: number[], data: ArrayBufferView): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const header = new TextEncoder().encode(`${dictionary.padEnd(117)}\n`);
  const values = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.of(0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0, ...header, ...values);
}
