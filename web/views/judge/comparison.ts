import { cancelJudging, judge } from '../../actions/judge-model.js';
import { h, replace } from '../../base/dom.js';
import { decimals, percent, seconds } from '../../base/format.js';
import type { JudgedModel, Judgement } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { problemView } from '../parts/problem-box.js';
import { trialsView } from './trials.js';

export function judgeView(root: HTMLElement, store: Store): void {
  replace(
    root,
    h('div', { class: 'panel judge' }, comparison(store)),
    h('div', { class: 'panel judge' }, trialsView(store)),
    problemView(store, 'judge'),
  );
}

interface Measure {
  title: string;
  words: string;
  value: (judged: JudgedModel) => number | undefined;
  text: (value: number) => string;
  smallIsGood: boolean;
}

const measures: readonly Measure[] = [
  {
    title: 'RMSE',
    words: 'how far a prediction is off; less is better',
    value: ({ metrics }) => metrics.rmse,
    text: (value) => decimals(value, 3),
    smallIsGood: true,
  },
  {
    title: 'NDCG@10',
    words: 'how well the first ten are chosen; 1 is best',
    value: ({ metrics }) => metrics.ndcg,
    text: (value) => decimals(value, 3),
    smallIsGood: false,
  },
  {
    title: 'Coverage',
    words: 'the share of items that anyone is shown',
    value: ({ metrics }) => metrics.coverage,
    text: percent,
    smallIsGood: false,
  },
];

function comparison(store: Store): HTMLElement {
  const start = h('button', { type: 'button', class: 'primary', click: () => void judge(store) }, 'Judge the model');
  const cancel = h('button', { type: 'button', class: 'quiet', click: cancelJudging }, 'Cancel');
  const hint = h('small', {}, 'Train a model first.');
  const state = h('p', { class: 'small', 'aria-live': 'polite' });
  const result = h('div', {
    class: 'scroll-x',
    tabindex: '0',
    role: 'region',
    'aria-label': 'How good the models are',
  });
  store.watch(
    ({ data, model, judgement }) => [data !== null && model !== null, judgement],
    (can, judgement) => {
      const running = judgement !== null && judgement.now !== null;
      start.setAttribute('aria-disabled', String(!can || running));
      cancel.hidden = !running;
      hint.hidden = can;
      state.textContent = running ? `Training and judging: ${judgement.now} …` : '';
      result.hidden = !judgement || judgement.rows.length === 0;
      replace(result, judgement && table(judgement));
    },
  );
  return h(
    'div',
    {},
    h('h3', {}, 'Beside two baselines'),
    h(
      'p',
      { class: 'words' },
      'The settings of your model are trained again without a fifth of the ratings and asked for it, over the ranking of all ' +
        'items: none is sampled. Two baselines are asked the same. A model of ratings ranks by how high one would rate, popularity ' +
        'by what one is likely to have seen: for the first ten, the solvers that learn from what was seen do better.',
    ),
    h('div', { class: 'buttons' }, start, cancel, hint),
    state,
    result,
  );
}

function table({ rows, ratingsName }: Judgement): HTMLElement {
  const cell = (row: JudgedModel, { value, text, smallIsGood }: Measure) => {
    const mine = value(row);
    if (mine === undefined || Number.isNaN(mine)) return h('td', {}, '–');
    const all = rows.map(value).filter((each): each is number => each !== undefined);
    const best = smallIsGood ? Math.min(...all) : Math.max(...all);
    const bar = h('span', { class: 'judge-bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', String(mine / Math.max(...all, 1e-9)));
    return h('td', { class: mine === best && all.length > 1 ? 'best' : '' }, h('span', {}, text(mine)), bar);
  };
  return h(
    'table',
    { class: 'judged' },
    h('caption', { class: 'visually-hidden' }, `JudgedModel on a fifth of ${ratingsName}`),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Model'),
        ...measures.map(({ title, words }) => h('th', { scope: 'col' }, title, h('small', {}, words))),
        h('th', { scope: 'col' }, 'Time', h('small', {}, 'to train')),
      ),
    ),
    h(
      'tbody',
      {},
      ...rows.map((row) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, row.name, h('small', {}, row.words)),
          ...measures.map((measure) => cell(row, measure)),
          h('td', {}, seconds(row.seconds)),
        ),
      ),
    ),
  );
}
