import { MatfacError, translate } from '../base/errors.js';
import { pause } from '../base/pause.js';

let giveBack = () => {};

/** Has the function called where memory is used up: it gives back what is kept for speed alone. */
export function whenShort(act: () => void): void {
  giveBack = act;
}

/**
 * Makes an object in the memory of the core. The engine may collect handles that nobody holds too late: where the memory is used up,
 * it is made to collect them, and `make` is called once more.
 * @throws MatfacError `out-of-memory` when that does not help.
 */
export async function withRoom<T>(make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (failure) {
    const error = translate(failure);
    if (!(error instanceof MatfacError && error.code === 'out-of-memory')) throw error;
  }
  giveBack();
  await collected();
  try {
    return await make();
  } catch (failure) {
    throw translate(failure);
  }
}

/** An engine collects by the size of what is held outside its heap, and it proceeds with each allocation in its heap. */
const OUTSIDE_BYTES = 1 << 26;
const MOST_OUTSIDE = 16;
const INSIDE_OBJECTS = 20_000;
const MOST_ROUNDS = 300;

/** Resolves when the engine has collected what nobody holds, or after a number of attempts to make it. */
async function collected(): Promise<void> {
  const sign = new WeakRef({});
  const outside: (ArrayBuffer | undefined)[] = [];
  let inside: object[] = [];
  for (let round = 0; round < MOST_ROUNDS && isHeld(sign); round++) {
    await pause();
    outside[round % MOST_OUTSIDE] = outsideTheHeap(OUTSIDE_BYTES);
    inside = Array.from({ length: INSIDE_OBJECTS }, (_, index) => ({ index }));
  }
  inside.length = 0;
  // The registries' turn comes after the collection.
  for (let turn = 0; turn < 3; turn++) await pause();
}

/** A function of its own, so that no variable of a suspended function holds the object. */
function isHeld(sign: WeakRef<object>): boolean {
  return sign.deref() !== undefined;
}

/** Memory by whose size an engine decides when to collect. Nobody writes to it, so that it takes addresses alone. */
export function outsideTheHeap(bytes: number): ArrayBuffer | undefined {
  try {
    return new ArrayBuffer(bytes);
  } catch {
    // The engine has collected what it could before it refused.
    return undefined;
  }
}
