import { mustBe, reading, requireList } from '../base/checks.js';
import { invalid } from '../base/errors.js';

/** Seconds since 1970, as timestamps have them, or a Date. */
export type Time = number | Date;

const ALLOWED = 'seconds since 1970 or a Date';

/** @throws MatfacError `invalid-argument` for anything else than a time. */
export function secondsOf(name: string, time: unknown): number {
  return reading(name, () => {
    const seconds = time instanceof Date ? time.getTime() / 1000 : time;
    if (typeof seconds !== 'number' || !Number.isFinite(seconds)) throw mustBe(name, ALLOWED, time);
    return seconds;
  });
}

/** One time for all, or one for each; none without times. */
export function timesOf(name: string, at: Time | ArrayLike<Time> | undefined, count: number): Float64Array {
  if (at === undefined) return new Float64Array();
  if (typeof at === 'number' || at instanceof Date) return new Float64Array(count).fill(secondsOf(name, at));
  requireList(name, at, `${ALLOWED}, or an array of them`);
  if (at.length !== count) throw invalid(`${name} must have one time or ${count}, as the pairs; it has ${at.length}`);
  return Float64Array.from(at, (time) => secondsOf(name, time));
}
