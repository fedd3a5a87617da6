/** IEEE 754 half precision, for engines without Float16Array: 1 bit for the sign, 5 for the exponent, 10 for the fraction. */

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** The largest finite number; values that round to a larger one become infinity. */
export const LARGEST_FLOAT16 = 65_504;
/** The least normal number: below it, the fraction has fewer than 10 bits. */
export const LEAST_NORMAL_FLOAT16 = 2 ** -14;

/** Rounds to nearest, ties to even: the error is at most 2⁻¹¹ of the value, or 2⁻²⁵ for a value below 2⁻¹⁴. */
export function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < halves.length; index++) halves[index] = halfOf(values[index]!);
  return halves;
}

function halfOf(value: number): number {
  single[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const magnitude = bits[0]! & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From halfway between the largest number and the one that would follow it.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Adding 0.5 leaves 2⁻²⁴ for the last bit of a float32: the addition rounds.
    single[0] = Math.abs(value) + 0.5;
    return sign | (bits[0]! - 0x3f000000);
  }
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

export function fromFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  for (let index = 0; index < values.length; index++) values[index] = singleOf(halves[index]!);
  return values;
}

function singleOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
