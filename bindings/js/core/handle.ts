/// <reference lib="esnext.disposable" preserve="true" />

import { guard, MatfacError } from '../base/errors.js';
import type { CoreHandle } from './core.js';
import { outsideTheHeap } from './room.js';

const leftovers = new FinalizationRegistry<CoreHandle>((handle) => handle.delete());

/** What an engine knows of the memory of the core that a handle holds. */
const known = new WeakMap<object, ArrayBuffer | undefined>();
/** With as much for each, a few large objects that nobody holds make an engine collect. */
const MOST_KNOWN = 1 << 24;

function bytesIn(held: object): number {
  return Object.values(held).reduce(
    (sum, each) => sum + (each?.byteLength ?? (typeof each === 'object' ? bytesIn(each) : 0)),
    0,
  );
}

/** An object in the memory of the core, freed by `dispose` or when its owner is garbage-collected. */
export class Handle<T extends CoreHandle> {
  #object: T | undefined;
  /** Called by `dispose`, for who holds something for this object elsewhere. */
  whenDisposed: (() => void) | undefined;

  /** @param tensors what the object has in the memory of the core, for its bytes */
  constructor(
    object: T,
    readonly name: string,
    tensors: object,
  ) {
    this.#object = object;
    known.set(this, outsideTheHeap(Math.min(bytesIn(tensors), MOST_KNOWN)));
    leftovers.register(this, object, this);
  }

  /** Calls into the object. @throws MatfacError `disposed` after `dispose`. */
  use<R>(call: (object: T) => R): R {
    const object = this.#object;
    if (!object) throw new MatfacError('disposed', `This ${this.name} was disposed and cannot be used any more`);
    return guard(() => call(object));
  }

  dispose(): void {
    leftovers.unregister(this);
    this.#object?.delete();
    this.#object = undefined;
    this.whenDisposed?.();
    known.delete(this);
  }
}

/** `Symbol.dispose`, or its substitute in engines without it. */
export const disposeSymbol: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for('Symbol.dispose') as typeof Symbol.dispose);
