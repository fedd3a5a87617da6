/** Discs drawn into the pixels of an image: tens of thousands in a few milliseconds, where a canvas needs a path for each. */
export interface Dots {
  /** x and y of each disc in pixels, interleaved. */
  spots: Float64Array;
  /** Per disc: its index in `palette`. */
  colours: Uint8Array;
  /** Red, green and blue as 0xRRGGBB. */
  palette: readonly number[];
  /** The background. */
  ground: number;
  /** In pixels. */
  radii: readonly number[];
  /** Per disc: its index in `radii`. */
  sizes: Uint8Array;
  /** From 0 to 1. */
  opacity: number;
}

/** Sub-pixel positions of a disc, in each direction. */
const STEPS = 4;

/** Draws the first disc last, on top. Pixels that no disc touches stay transparent; the others are opaque. */
export function drawDots({ data, width, height }: ImageData, dots: Dots): void {
  const { spots, colours, ground, radii, sizes, opacity } = dots;
  const pixels = new Uint32Array(data.buffer);
  const palette = dots.palette.map(pixelOf);
  const under = pixelOf(ground);
  const stamps = stampsOf(radii, opacity);
  for (let i = spots.length / 2 - 1; i >= 0; i--) {
    const { size, covers } = stamps[sizes[i]!]!;
    // The corner of the disc's square, in sub-pixel steps.
    const x = Math.round((spots[2 * i]! - size / 2) * STEPS);
    const y = Math.round((spots[2 * i + 1]! - size / 2) * STEPS);
    const left = Math.floor(x / STEPS);
    const top = Math.floor(y / STEPS);
    if (left + size < 0 || top + size < 0 || left >= width || top >= height) continue;
    const cover = covers[(y - top * STEPS) * STEPS + (x - left * STEPS)]!;
    const colour = palette[colours[i]!]!;
    const lastRow = Math.min(size, height - 1 - top);
    const lastColumn = Math.min(size, width - 1 - left);
    for (let row = Math.max(0, -top); row <= lastRow; row++) {
      const at = (top + row) * width + left;
      for (let column = Math.max(0, -left); column <= lastColumn; column++) {
        const share = cover[row * (size + 1) + column]!;
        if (share > 0) pixels[at + column] = blended(pixels[at + column]! || under, colour, share);
      }
    }
  }
}

/** An opaque pixel of ImageData as one number: red in the lowest byte. */
const pixelOf = (colour: number): number =>
  (0xff000000 | ((colour & 0xff) << 16) | (colour & 0xff00) | (colour >> 16)) >>> 0;

interface Stamp {
  size: number;
  /** For each sub-pixel position: how much of each pixel a disc covers, in 256ths, in a square one pixel larger than `size`. */
  covers: readonly Uint16Array[];
}

let latest: { madeFor: string; stamps: Stamp[] } | null = null;

/** Those of the last call stay the same from frame to frame, as long as the map is not resized. */
function stampsOf(radii: readonly number[], opacity: number): Stamp[] {
  const madeFor = [...radii, opacity].join();
  if (latest?.madeFor !== madeFor) latest = { madeFor, stamps: radii.map((radius) => stampOf(radius, opacity)) };
  return latest.stamps;
}

function stampOf(radius: number, opacity: number): Stamp {
  const size = Math.ceil(2 * radius + 1);
  const covers = Array.from({ length: STEPS ** 2 }, (_, step) => {
    const centre = { x: size / 2 + (step % STEPS) / STEPS, y: size / 2 + Math.floor(step / STEPS) / STEPS };
    return Uint16Array.from({ length: (size + 1) ** 2 }, (_, pixel) => {
      const [column, row] = [pixel % (size + 1), Math.floor(pixel / (size + 1))];
      // The edge is anti-aliased: a pixel that it crosses is partly covered.
      const within = radius + 0.5 - Math.hypot(column + 0.5 - centre.x, row + 0.5 - centre.y);
      return Math.round(256 * opacity * Math.min(1, Math.max(0, within)));
    });
  });
  return { size, covers };
}

/** Two channels at a time. */
function blended(under: number, over: number, share: number): number {
  const rest = 256 - share;
  const redBlue = (Math.imul(over & 0xff00ff, share) + Math.imul(under & 0xff00ff, rest)) >>> 8;
  const green = (Math.imul(over & 0xff00, share) + Math.imul(under & 0xff00, rest)) >>> 8;
  return (0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0;
}
