/// <reference lib="esnext.disposable" preserve="true" />

import { guard, MatfacError } from '../base/errors.js';
import type { CoreHandle } from './core.js';

const leftovers = new FinalizationRegistry<CoreHandle>((handle) => handle.delete());

/** An object in the memory of the core, freed by `dispose` or when its owner is garbage-collected. */
export class Handle<T extends CoreHandle> {
  #object: T | undefined;

  constructor(
    object: T,
    readonly name: string,
  ) {
    this.#object = object;
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
  }
}

/** `Symbol.dispose`, or its substitute in engines without it. */
export const disposeSymbol: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for('Symbol.dispose') as typeof Symbol.dispose);
