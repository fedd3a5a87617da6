/** The shortest decimal that is this float32 number: 0.1, not 0.10000000149011612. */
export function shortestDecimal(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
