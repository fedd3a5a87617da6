/**
 * The page has one state, and data flows one way: a view calls an action, the action sets the state, and the views of what
 * changed are drawn again. A view holds no state of its own except what the visitor is typing.
 */
import type { Problem, Section, State } from './state.js';

export class Store {
  #state: State;
  #listeners: (() => void)[] = [];

  constructor(initial: State) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Draws now, and again whenever one of the selected values changes. */
  watch<const T extends readonly unknown[]>(select: (state: State) => T, draw: (...values: T) => void): void {
    let values = select(this.#state);
    this.#listeners.push(() => {
      const next = select(this.#state);
      if (next.every((value, i) => Object.is(value, values[i]))) return;
      values = next;
      draw(...next);
    });
    draw(...values);
  }
}

/** Shows a problem in a section, or clears it. */
export const problemAt = (store: Store, section: Section, problem?: Problem): void => {
  const { [section]: _, ...others } = store.state.problems;
  store.set({ problems: problem ? { ...others, [section]: problem } : others });
};
