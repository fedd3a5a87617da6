import { h } from '../../base/dom.js';
import { exact } from '../../base/format.js';
import {
  errorOf,
  type Factors,
  films,
  gradientOf,
  type Pair,
  people,
  predictionOf,
  ratingsTable,
  stepDown,
  stepOnPair,
} from '../../compute/descent.js';
import type { Walk } from '../../state/state.js';

/** A formula, the numbers of the chosen pair in it, and the result. */
interface Line {
  formula: string;
  numbers: string;
  result: string;
}

const vector = (row: readonly number[]): string => `(${row.map((x) => exact(x)).join(',\u00a0')})`;

const factor = (x: number): string => (x < 0 ? `(${exact(x)})` : exact(x));

/** The next step, written out for the chosen pair. */
export function arithmeticOf({ method, factors, chosen, learningRate }: Walk): HTMLElement[] {
  const rating = ratingsTable[chosen.person]![chosen.film] ?? null;
  const lines =
    method === 'batch'
      ? [...known(factors, chosen, rating, 'batch'), ...batchLines(factors, chosen, learningRate)]
      : [...known(factors, chosen, rating, 'stochastic'), ...pairLines(factors, chosen, rating, learningRate)];
  const title =
    method === 'batch'
      ? `n = ${people[chosen.person]}, m = ${films[chosen.film]}: the step changes all rows at once`
      : `n = ${people[chosen.person]}, m = ${films[chosen.film]}: the step changes only these two rows`;
  return [
    h('h4', {}, title),
    h(
      'dl',
      {},
      ...lines.map(({ formula, numbers, result }) =>
        h('div', {}, h('dt', {}, formula), h('dd', {}, h('span', {}, numbers), h('strong', {}, result))),
      ),
    ),
  ];
}

function known(factors: Factors, pair: Pair, rating: number | null, method: Walk['method']): Line[] {
  const [u, v] = [factors.u[pair.person]!, factors.v[pair.film]!];
  const estimate = exact(predictionOf(factors, pair));
  const product = {
    formula: 'r̂ₙₘ = uₙ · vₘ',
    numbers: u.map((x, f) => `${factor(x)} × ${factor(v[f]!)}`).join(' + '),
    result: estimate,
  };
  const error = errorOf(factors, pair);
  if (method === 'batch')
    return [
      product,
      {
        formula: 'eₙₘ = r̂ₙₘ − rₙₘ',
        numbers: rating === null ? 'missing in R' : `${estimate} − ${rating}`,
        result: exact(error),
      },
    ];
  return [
    product,
    {
      formula: 'rₙₘ − r̂ₙₘ',
      numbers: rating === null ? 'missing in R' : `${rating} − ${factor(predictionOf(factors, pair))}`,
      result: exact(-error),
    },
  ];
}

function batchLines(factors: Factors, { person, film }: Pair, rate: number): Line[] {
  const gradient = gradientOf(factors);
  const next = stepDown(factors, rate);
  const [u, v] = [factors.u[person]!, factors.v[film]!];
  const [du, dv] = [gradient.u[person]!, gradient.v[film]!];
  return [
    { formula: '∂L/∂uₙ = Σₘ eₙₘ vₘ', numbers: `row ${people[person]} of E V`, result: vector(du) },
    { formula: '∂L/∂vₘ = Σₙ eₙₘ uₙ', numbers: `row ${films[film]} of Eᵀ U`, result: vector(dv) },
    { formula: 'uₙ −= η ∂L/∂uₙ', numbers: `${vector(u)} − ${rate} ${vector(du)}`, result: vector(next.u[person]!) },
    { formula: 'vₘ −= η ∂L/∂vₘ', numbers: `${vector(v)} − ${rate} ${vector(dv)}`, result: vector(next.v[film]!) },
  ];
}

function pairLines(factors: Factors, pair: Pair, rating: number | null, rate: number): Line[] {
  const [u, v] = [factors.u[pair.person]!, factors.v[pair.film]!];
  if (rating === null) return [{ formula: 'no step', numbers: 'steps use only the ratings in R', result: '–' }];
  const next = stepOnPair(factors, pair, rate);
  const error = factor(-errorOf(factors, pair));
  return [
    {
      formula: 'uₙ += η (rₙₘ − r̂ₙₘ) vₘ',
      numbers: `${vector(u)} + ${rate} × ${error} ${vector(v)}`,
      result: vector(next.u[pair.person]!),
    },
    {
      formula: 'vₘ += η (rₙₘ − r̂ₙₘ) uₙ',
      numbers: `${vector(v)} + ${rate} × ${error} ${vector(u)}`,
      result: vector(next.v[pair.film]!),
    },
  ];
}
