import type { Trial } from 'matfac';
import { cancelSearch, isInUse, searchSettings, useTrial } from '../../actions/search-settings.js';
import { h, replace } from '../../base/dom.js';
import { count, decimals } from '../../base/format.js';
import type { Setting } from '../../settings/setting-list.js';
import { isImplicit, solvers } from '../../settings/solvers.js';
import { isSearchable, type Searchable, searchable, searched } from '../../settings/spaces.js';
import type { Data, Searching } from '../../state/state.js';
import type { Store } from '../../state/store.js';

/** A search over the settings of a solver: its progress, its table, and buttons to use what it finds. */
export function trialsView(store: Store): HTMLElement {
  const choice = solverChoice(store);
  const begin = () => void searchSettings(store, choice.chosen());
  const start = h('button', { type: 'button', click: begin }, 'Search for settings');
  const cancel = h('button', { type: 'button', class: 'quiet', click: cancelSearch }, 'Cancel the search');
  const hint = h('small', {}, 'Choose ratings first.');
  const bar = h('progress', { 'aria-label': 'Progress of the search' });
  const state = h('p', { class: 'small', 'aria-live': 'polite' });
  const result = h('div', {
    class: 'scroll trials',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Trials of the search',
  });
  const used = h('a', { class: 'used', href: '#train' }, 'These settings are now set under Train: train with them ↑');
  store.watch(
    ({ data, searching }) => [data, searching],
    (data, searching) => {
      const running = searching?.status === 'running';
      start.setAttribute('aria-disabled', String(!data || running));
      cancel.hidden = !running;
      hint.hidden = data !== null;
      bar.hidden = !running;
      bar.max = searching?.total ?? 1;
      bar.value = searching?.done ?? 0;
      state.textContent = searching ? wordsOf(searching) : '';
      result.hidden = !searching || searching.trials.length === 0;
      replace(result, searching && trialTable(store, searching));
    },
  );
  store.watch(
    ({ searching, settings }) => [searching, settings],
    (searching, settings) => {
      used.hidden = !searching?.trials.some((trial) => isInUse(trial, settings));
    },
  );
  return h(
    'div',
    {},
    h('h3', {}, 'Better settings'),
    h(
      'p',
      { class: 'words' },
      'Random settings of a solver are trained for a few epochs and scored on a held-out fifth of the ratings; the best third ' +
        'continues with three times the epochs, and so on.',
    ),
    h('div', { class: 'search-for' }, choice.element, h('div', { class: 'buttons' }, start, cancel, hint)),
    bar,
    state,
    result,
    used,
  );
}

/** The solver chosen under Train, until another one is chosen here. */
function solverChoice(store: Store) {
  const select = h('select', { id: 'search-solver' });
  const element = h('div', { class: 'field' }, h('label', { for: 'search-solver' }, 'Settings of'), select);
  const offer = (data: Data | null) => {
    const offered = searchable(data?.ratings.implicit ?? false);
    const before = select.value as Searchable;
    replace(select, ...offered.map((solver) => h('option', { value: solver }, solvers[solver].title)));
    select.value = offered.includes(before) ? before : offered[0]!;
  };
  store.watch(({ data }) => [data], offer);
  store.watch(
    ({ settings }) => [settings.solver],
    (solver) => {
      const isOffered = isSearchable(solver) && [...select.options].some(({ value }) => value === solver);
      if (isOffered) select.value = solver;
    },
  );
  return { element, chosen: () => select.value as Searchable };
}

function wordsOf({ solver, done, total, status, best }: Searching): string {
  const words = { running: 'Searching', done: 'Finished', cancelled: 'Cancelled' }[status];
  const found = best?.scores.at(-1);
  const score = found ? `; the best score so far is ${decimals(found.score, 4)}` : '';
  return `${words}: ${count(done)} of ${count(total)} training runs of ${solver}${score}.`;
}

function trialTable(store: Store, { solver, trials, status }: Searching): HTMLElement {
  const drawn = searched(solver);
  const metric = isImplicit(solver) ? 'NDCG@10' : 'RMSE';
  const columns = [...drawn.map(({ label }) => label), 'Epochs', metric];
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...columns.map((name) => h('th', { scope: 'col' }, name)),
        h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Use')),
      ),
    ),
    h('tbody', {}, ...trials.map((trial, i) => trialRow(store, drawn, trial, status === 'running' ? null : i + 1))),
  );
}

/** `rank` is null during the search, while rows still move. */
function trialRow(store: Store, drawn: readonly Setting[], trial: Trial, rank: number | null): HTMLElement {
  const { options, scores, error } = trial;
  const last = scores.at(-1);
  const [first, ...others] = drawn.map((setting) => shownValue(setting, options[setting.name as keyof typeof options]));
  const words = h('span', { class: 'wide' }, ' these settings');
  const use = h('button', { type: 'button', class: 'quiet', click: () => useTrial(store, trial) }, 'Use', words);
  if (rank !== null) use.setAttribute('aria-label', `Use these settings: rank ${rank}`);
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, first),
    ...others.map((text) => h('td', {}, text)),
    h('td', {}, last?.epochs ?? '–'),
    h('td', {}, last ? decimals(last.score, 4) : (error?.code ?? '–')),
    h('td', {}, last && rank !== null && use),
  );
}

function shownValue({ choices }: Setting, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return choices?.find(([known]) => known === value)?.[1] ?? String(value ?? '–');
}
