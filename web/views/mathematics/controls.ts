import { changeWalk, manySteps, startWalk, takeSteps } from '../../actions/take-steps.js';
import { h } from '../../base/dom.js';
import { knownPairs, type Method } from '../../compute/descent.js';
import type { Walk } from '../../state/state.js';
import type { Store } from '../../state/store.js';

const methods: readonly (readonly [Method, string])[] = [
  ['batch', 'Batch'],
  ['stochastic', 'Stochastic'],
  ['regularized', 'Regularized'],
  ['als', 'ALS'],
];

/** Milliseconds between steps, slow enough to be followed. */
const pace = 400;

export function controls(store: Store): HTMLElement {
  const play = playButton(store);
  const step = (countOf: (walk: Walk) => number) => () => {
    play.stop();
    const { walk } = store.state;
    if (walk) takeSteps(store, countOf(walk));
  };
  const one = h('button', { type: 'button', click: step(() => 1) }, 'Step');
  const many = h('button', { type: 'button', click: step(manySteps) });
  const restart = (method: Method) => {
    play.stop();
    void startWalk(store, method);
  };
  const again = h(
    'button',
    { type: 'button', class: 'quiet', click: () => restart(store.state.walk?.method ?? 'batch') },
    'Start over',
  );
  store.watch(
    ({ walk }) => [walk?.method],
    (method) => (many.textContent = method === 'stochastic' ? 'The rest of this pass' : 'Ten steps'),
  );
  return h(
    'div',
    { class: 'controls' },
    h(
      'fieldset',
      { class: 'segments' },
      h('legend', { class: 'visually-hidden' }, 'Method'),
      ...methods.map(([method, name]) => choice(store, method, name, restart)),
    ),
    numberField(store, 'learningRate', 'Learning rate η', (method) => method !== 'als'),
    numberField(store, 'lambda', 'Regularization λ', (method) => method === 'als' || method === 'regularized'),
    h('div', { class: 'buttons' }, play.element, one, many, again),
  );
}

function choice(store: Store, method: Method, name: string, restart: (method: Method) => void): HTMLElement {
  const input = h('input', { type: 'radio', name: 'method', value: method, change: () => restart(method) });
  store.watch(
    ({ walk }) => [walk?.method ?? 'batch'],
    (chosen) => (input.checked = chosen === method),
  );
  return h('label', {}, input, name);
}

function numberField(
  store: Store,
  name: 'learningRate' | 'lambda',
  label: string,
  isRead: (method: Method) => boolean,
): HTMLElement {
  const id = `walk-${name}`;
  const input = h('input', { id, type: 'number', min: 0, step: 'any', inputmode: 'decimal' });
  const element = h('div', { class: 'inline-field' }, h('label', { for: id }, label), input);
  input.addEventListener('change', () => {
    if (input.valueAsNumber >= 0) changeWalk(store, { [name]: input.valueAsNumber } as Partial<Walk>);
    else input.value = String(store.state.walk?.[name]);
  });
  store.watch(
    ({ walk }) => [walk?.method, walk?.[name]],
    (method, value) => {
      element.hidden = method !== undefined && !isRead(method);
      if (value !== undefined && input.valueAsNumber !== value) input.value = String(value);
    },
  );
  return element;
}

/** Takes step after step until it is pressed again, or the loss falls no more. */
function playButton(store: Store) {
  const element = h('button', { type: 'button', class: 'primary' }, 'Play');
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    element.textContent = 'Play';
  };
  const advance = () => {
    if (!takeSteps(store, 1) || hasSettled(store.state.walk!)) stop();
  };
  element.addEventListener('click', () => {
    if (timer !== 0) return stop();
    element.textContent = 'Pause';
    timer = window.setInterval(advance, pace);
    advance();
  });
  return { element, stop };
}

/** True if the last steps, of stochastic descent the last four passes, lowered the loss by less than a thousandth. */
function hasSettled({ losses, method }: Walk): boolean {
  const before = losses.at(method === 'stochastic' ? -4 * knownPairs.length : -20);
  return before !== undefined && losses.at(-1)! > 0.999 * before;
}
