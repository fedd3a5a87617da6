import { startWalk, takeSteps } from '../../actions/take-steps.js';
import { h, replace, svg } from '../../base/dom.js';
import { count, decimals, exact } from '../../base/format.js';
import { errors, factorCount, films, gradientOf, people, predictions, ratingsTable } from '../../compute/descent.js';
import type { Walk } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { arithmeticOf } from './arithmetic.js';
import { type MatrixTable, matrixTable } from './matrix-table.js';

const rates = { batch: 0.03, stochastic: 0.05 };

/** R, R̂ and E of a small matrix, their factors, and the steps of gradient descent on them. */
export function matricesView(root: HTMLElement, store: Store): void {
  const tables = threeTables(store);
  const arithmetic = h('div', { class: 'arithmetic' });
  const loss = h('div', { class: 'loss' });
  replace(
    root,
    h('h3', { id: 'matrices' }, 'A step, number by number'),
    h(
      'p',
      { class: 'words' },
      `${people.length} people, ${films.length} films, two factors each. Choose a pair to see its arithmetic below. ` +
        'Every number comes from the library, or is tested against it.',
    ),
    controls(store),
    h('div', { class: 'three' }, ...tables.map(({ element }) => element)),
    h('div', { class: 'below' }, arithmetic, loss),
  );
  store.watch(
    ({ walk }) => [walk],
    (walk) => {
      if (!walk) return;
      const { factors, chosen } = walk;
      const gradient = walk.method === 'batch' ? gradientOf(factors) : null;
      const [r, estimate, error] = tables;
      r!.show(ratingsTable, null, chosen);
      estimate!.show(predictions(factors), factors, chosen);
      error!.show(errors(factors), gradient, chosen);
      replace(arithmetic, ...arithmeticOf(walk));
      replace(loss, ...lossOf(walk));
    },
  );
  void startWalk(store, 'batch', rates.batch);
}

function threeTables(store: Store): MatrixTable[] {
  const choose = (person: number, film: number) => {
    const { walk } = store.state;
    if (walk) store.set({ walk: { ...walk, chosen: { person, film } } });
  };
  return [
    matrixTable({ name: 'R', words: 'the ratings', scale: 'rating', factors: false, choose }),
    matrixTable({ name: 'R̂ = U Vᵀ', words: 'the product of the factors at its edges', scale: 'rating', factors: true }),
    matrixTable({ name: 'E = R̂ − R', words: 'the errors; in batch, ∂L/∂U and ∂L/∂V', scale: 'error', factors: true }),
  ];
}

function controls(store: Store): HTMLElement {
  const rate = h('input', { id: 'walk-rate', type: 'number', min: 0, step: 'any', inputmode: 'decimal' });
  const restart = (method: Walk['method'], learningRate: number) => void startWalk(store, method, learningRate);
  rate.addEventListener('change', () => {
    const { walk } = store.state;
    if (walk) store.set({ walk: { ...walk, learningRate: rate.valueAsNumber } });
  });
  const method = (value: Walk['method'], words: string) => {
    const input = h('input', { type: 'radio', name: 'method', value, change: () => restart(value, rates[value]) });
    store.watch(
      ({ walk }) => [walk?.method ?? 'batch'],
      (chosen) => (input.checked = chosen === value),
    );
    return h('label', {}, input, words);
  };
  const one = h(
    'button',
    { type: 'button', class: 'primary', click: () => void takeSteps(store, 'one') },
    'Take this step',
  );
  const many = h('button', { type: 'button', click: () => void takeSteps(store, 'many') });
  const again = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      click: () => restart(store.state.walk?.method ?? 'batch', store.state.walk?.learningRate ?? rates.batch),
    },
    'Start over',
  );
  store.watch(
    ({ walk }) => [walk?.method, walk?.learningRate],
    (chosen, learningRate) => {
      many.textContent = chosen === 'stochastic' ? 'The rest of this pass' : 'Ten steps';
      if (learningRate !== undefined && rate.valueAsNumber !== learningRate) rate.value = String(learningRate);
    },
  );
  return h(
    'div',
    { class: 'controls' },
    h(
      'fieldset',
      { class: 'segments' },
      h('legend', { class: 'visually-hidden' }, 'Method'),
      method('batch', 'Batch'),
      method('stochastic', 'Stochastic'),
    ),
    h('div', { class: 'inline-field' }, h('label', { for: 'walk-rate' }, 'Learning rate η'), rate),
    h('div', { class: 'buttons' }, one, many, again),
  );
}

/** The loss as a number and as a line over the steps. */
function lossOf({ losses, method, pass }: Walk): (HTMLElement | SVGElement)[] {
  const steps = losses.length - 1;
  const [width, height] = [240, 64];
  const tallest = Math.max(...losses);
  const points = losses.map((loss, step) => {
    const x = steps === 0 ? 0 : (step / steps) * width;
    return `${x.toFixed(1)},${(height - (loss / tallest) * (height - 4)).toFixed(1)}`;
  });
  const after = `${count(steps)} ${steps === 1 ? 'step' : 'steps'}`;
  return [
    h(
      'p',
      { class: 'loss-value' },
      h('span', {}, 'L = ½ Σ (rₙₘ − r̂ₙₘ)²'),
      h('strong', { class: 'loss-number' }, decimals(losses.at(-1)!, 3)),
    ),
    svg(
      'svg',
      {
        viewBox: `0 0 ${width} ${height + 2}`,
        role: 'img',
        'aria-label': `The loss over ${after}: from ${exact(losses[0]!)} to ${exact(losses.at(-1)!)}`,
      },
      svg('line', { x1: 0, x2: width, y1: height + 1, y2: height + 1, class: 'axis' }),
      svg('polyline', { points: steps === 0 ? `0,4 ${width},4` : points.join(' '), class: steps === 0 ? 'flat' : '' }),
    ),
    h('p', { class: 'small' }, method === 'batch' ? `after ${after}` : `after ${after}, in pass ${pass + 1}`),
    h(
      'p',
      { class: 'small' },
      `${factorCount * (people.length + films.length)} numbers stand for ${people.length * films.length}.`,
    ),
  ];
}
