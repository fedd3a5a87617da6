import { cancelJudging, judge } from '../../actions/judge-model.js';
import { h, replace } from '../../base/dom.js';
import { decimals, percent, seconds } from '../../base/format.js';
import { inSentence } from '../../compute/verdict.js';
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
  lowIsGood: boolean;
}

const measures: readonly Measure[] = [
  {
    title: 'RMSE',
    words: 'how far off its stars are; lower is better',
    value: ({ metrics }) => metrics.rmse,
    text: (value) => decimals(value, 3),
    lowIsGood: true,
  },
  {
    title: 'NDCG@10',
    words: 'how good the top ten are; 1 is best',
    value: ({ metrics }) => metrics.ndcg,
    text: (value) => decimals(value, 3),
    lowIsGood: false,
  },
  {
    title: 'Coverage',
    words: 'the share of items recommended to anyone',
    value: ({ metrics }) => metrics.coverage,
    text: percent,
    lowIsGood: false,
  },
];

function comparison(store: Store): HTMLElement {
  const start = h('button', { type: 'button', class: 'primary', click: () => void judge(store) }, 'Judge the model');
  const cancel = h('button', { type: 'button', class: 'quiet', click: cancelJudging }, 'Cancel');
  const hint = h('small', {}, 'Train a model first.');
  const state = h('p', { class: 'small', 'aria-live': 'polite' });
  const verdict = h('p', { class: 'verdict' });
  const result = h('div', {
    class: 'scroll-x',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Comparison of the models',
  });
  store.watch(
    ({ data, model, judgement }) => [data !== null && model !== null, judgement],
    (can, judgement) => {
      const running = judgement !== null && judgement.now !== null;
      start.setAttribute('aria-disabled', String(!can || running));
      cancel.hidden = !running;
      hint.hidden = can;
      state.textContent = running ? `Training and evaluating: ${judgement.now} …` : '';
      result.hidden = !judgement || judgement.rows.length === 0;
      verdict.textContent = judgement && !running ? inSentence(judgement.rows) : '';
      replace(result, judgement && table(judgement));
    },
  );
  return h(
    'div',
    {},
    h('h3', {}, 'Compared with baselines'),
    h(
      'p',
      { class: 'words' },
      'A model with your settings is trained on four fifths of the ratings and evaluated on the rest; so are a model of what ' +
        'people take and the baselines. All items are ranked, not a sample of them. A longer bar is better.',
    ),
    h('div', { class: 'buttons' }, start, cancel, hint),
    state,
    verdict,
    result,
  );
}

function table({ rows, ratingsName }: Judgement): HTMLElement {
  const cell = (row: JudgedModel, { value, text, lowIsGood }: Measure) => {
    const mine = value(row);
    if (mine === undefined || Number.isNaN(mine)) return h('td', {}, '–');
    const all = rows.map(value).filter((each): each is number => each !== undefined);
    const best = lowIsGood ? Math.min(...all) : Math.max(...all);
    // A longer bar is better.
    const share = lowIsGood ? best / mine : mine / Math.max(best, 1e-9);
    const bar = h('span', { class: 'judge-bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', String(share));
    return h('td', { class: mine === best && all.length > 1 ? 'best' : '' }, h('span', {}, text(mine)), bar);
  };
  return h(
    'table',
    { class: 'judged' },
    h('caption', { class: 'visually-hidden' }, `Evaluated on a fifth of ${ratingsName}`),
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
