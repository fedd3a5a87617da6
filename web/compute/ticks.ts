export interface Ticks {
  values: number[];
  /** That each of them has. */
  decimals: number;
}

/** Multiples of 1, 2 or 5 times a power of ten within a range, at most `most` + 1 of them and no closer than `finest`. */
export function ticksOf([low, high]: readonly [number, number], most: number, finest = 0): Ticks {
  const least = Math.max((high - low) / most, finest);
  const power = 10 ** Math.floor(Math.log10(least));
  // A quotient such as 0.6 / 3 may be just above a multiple.
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9))!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return {
    values: Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12))),
    decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}
