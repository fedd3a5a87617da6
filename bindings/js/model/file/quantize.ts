import { fromFloat16, LARGEST_FLOAT16, LEAST_NORMAL_FLOAT16, toFloat16 } from '../../base/float16.js';

/** A matrix in bytes: value = code · scale of its row, off by at most half a scale. */
export interface Quantized {
  /** Row-major, −127 to 127. */
  codes: Int8Array<ArrayBuffer>;
  /** One per row; 0 for a row of zeros. */
  scale: Float32Array<ArrayBuffer>;
}

/** The scale of a row is its largest magnitude / 127, rounded up to float16 if every scale fits. */
export function quantize(values: Float32Array, rows: number): Quantized {
  const columns = rows === 0 ? 0 : values.length / rows;
  const scale = scalesOf(values, rows, columns);
  const codes = new Int8Array(values.length);
  for (let row = 0; row < rows; row++) {
    const step = scale[row]!;
    if (step === 0) continue;
    for (let place = row * columns; place < (row + 1) * columns; place++) {
      codes[place] = Math.max(-127, Math.min(127, Math.round(values[place]! / step)));
    }
  }
  return { codes, scale };
}

export function dequantize({ codes, scale }: Quantized): Float32Array<ArrayBuffer> {
  const columns = codes.length / Math.max(1, scale.length);
  const values = new Float32Array(codes.length);
  for (let row = 0; row < scale.length; row++) {
    for (let place = row * columns; place < (row + 1) * columns; place++) values[place] = codes[place]! * scale[row]!;
  }
  return values;
}

/** Whether every scale is a float16 number, to which `quantize` rounds where it can. */
export function fitFloat16(scale: Float32Array): boolean {
  const halves = fromFloat16(toFloat16(scale));
  return scale.every((step, row) => step === halves[row]);
}

function scalesOf(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const scale = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let place = row * columns; place < (row + 1) * columns; place++) {
      largest = Math.max(largest, Math.abs(values[place]!));
    }
    scale[row] = largest / 127;
  }
  const isHalf = (step: number) => step === 0 || (step >= LEAST_NORMAL_FLOAT16 && step < LARGEST_FLOAT16);
  return scale.every(isHalf) ? roundedUp(scale) : scale;
}

/** Rounds up to float16, so that no code exceeds 127. */
function roundedUp(scale: Float32Array): Float32Array<ArrayBuffer> {
  const halves = toFloat16(scale);
  const nearest = fromFloat16(halves);
  return fromFloat16(halves.map((half, row) => (nearest[row]! < scale[row]! ? half + 1 : half)));
}
