import type { EpochReport } from 'matfac';
import { isUnderWay } from '../../actions/train-model.js';
import { h, replace } from '../../base/dom.js';
import { count, counted, decimals, duration, rough, seconds } from '../../base/format.js';
import { isImplicit } from '../../settings/solvers.js';
import type { Run } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { Curves } from './curves.js';
import { bestEpoch, figureOf } from './run-figures.js';

/** Seconds between announcements to screen readers during training. */
const announceEvery = 5;

export function progressView(root: HTMLElement, store: Store): void {
  const empty = h('p', { class: 'empty' }, 'The error curves appear here during training.');
  const bar = h('progress', { 'aria-label': 'Epochs done' });
  const state = h('p', { class: 'run-state' });
  const figures = h('dl', { class: 'figures' });
  const chart = new Curves();
  const table = epochTable();
  const engine = h('p', { class: 'engine' });
  const live = h('div', {}, state, bar, figures, chart.element, comparison(store), table.element, engine);
  replace(root, empty, live);

  store.watch(
    ({ run, comparedRun }) => [run, comparedRun],
    (run, compared) => {
      empty.hidden = run !== null;
      live.hidden = run === null;
      if (!run) return;
      state.textContent = wordsFor(run);
      bar.max = run.reports.at(-1)?.epochs ?? 1;
      bar.value = run.status === 'done' ? bar.max : run.reports.length;
      bar.hidden = !isUnderWay(run);
      engine.textContent = engineInWords(run);
      replace(figures, ...figuresOf(run));
      chart.show(run.reports, compared?.reports ?? []);
      table.show(run.reports);
    },
  );
  announceProgress(store);
}

function wordsFor({ status, ratingsName, reports, settings }: Run): string {
  const done = `${count(reports.length)} of ${count(epochsOf(reports, settings))} epochs`;
  switch (status) {
    case 'running':
      return `Training on ${ratingsName}, ${timeLeft(reports)}`;
    case 'paused':
      return `Paused after ${done}. Step or resume.`;
    case 'done':
      return `Trained on ${ratingsName} in ${seconds(reports.at(-1)?.seconds ?? 0)}.${stoppedEarly(reports) ? ` It stopped by itself after ${done}.` : ''}`;
    case 'cancelled':
      return reports.length > 0
        ? `Cancelled after ${done}. The model of these epochs is used below.`
        : 'Cancelled before the first epoch was complete: there is no new model.';
    case 'failed':
      return `Stopped after ${done}.`;
  }
}

/** True if the training converged, or improved no more on the validation ratings. */
function stoppedEarly(reports: readonly EpochReport[]): boolean {
  const last = reports.at(-1);
  return last !== undefined && last.epoch < last.epochs;
}

function timeLeft(reports: readonly EpochReport[]): string {
  const last = reports.at(-1);
  if (!last) return 'first epoch …';
  return `${duration(((last.epochs - last.epoch) * last.seconds) / last.epoch)} left`;
}

function figuresOf({ reports, settings }: Run): HTMLElement[] {
  const last = reports.at(-1);
  const figure = (value: string, name: string) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  const error = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '–' : decimals(value, 3));
  const best = bestEpoch(reports);
  return [
    figure(`${last?.epoch ?? 0} / ${epochsOf(reports, settings)}`, 'epoch'),
    // A baseline is not trained by a loss, and takes no time that could be measured.
    ...(last?.loss ? [figure(rough(last.loss), 'loss')] : []),
    ...(isImplicit(settings.solver)
      ? [figure(error(last?.validationNdcg), 'validation NDCG')]
      : [figure(error(last?.trainRmse), 'training RMSE'), figure(error(last?.validationRmse), 'validation RMSE')]),
    ...(best ? [figure(`${error(best.value)}`, `best, epoch ${best.epoch}`)] : []),
    ...(last && last.seconds >= 0.01 ? [figure(rough(last.ratingsPerSecond), 'ratings per second')] : []),
  ];
}

const epochsOf = (reports: Run['reports'], { values }: Run['settings']) =>
  reports.at(-1)?.epochs ?? Number(values.epochs ?? 1);

const variants = {
  simd: 'WebAssembly with SIMD',
  threads: 'WebAssembly with SIMD and threads',
  relaxed: 'WebAssembly with relaxed SIMD',
};

function engineInWords({ engine, memory }: Run): string {
  if (!engine) return '';
  const room = memory ? `, in about ${Math.ceil(memory / 1e6)} MB of memory` : '';
  return `Trained by ${variants[engine.variant]}, on ${counted(engine.threads, 'thread')}${room}.`;
}

/** Chooses the previous run that the chart shows in grey. */
function comparison(store: Store): HTMLElement {
  const select = h('select', { id: 'compare' });
  const element = h('div', { class: 'compare' }, h('label', { for: 'compare' }, 'Compare with'), select);
  select.addEventListener('change', () => {
    store.set({ comparedRun: store.state.earlierRuns[select.selectedIndex - 1] ?? null });
  });
  store.watch(
    ({ earlierRuns, comparedRun }) => [earlierRuns, comparedRun],
    (runs, compared) => {
      element.hidden = runs.length === 0;
      replace(select, h('option', {}, 'no other run'), ...runs.map((run) => h('option', {}, runInWords(run))));
      select.selectedIndex = compared ? runs.indexOf(compared) + 1 : 0;
    },
  );
  return element;
}

function runInWords({ settings: { solver, values }, reports, ratingsName }: Run): string {
  const best = bestEpoch(reports);
  const parts = [
    solver,
    values.factors !== undefined && counted(Number(values.factors), 'factor'),
    values.regularization !== undefined && `regularization ${values.regularization}`,
    counted(reports.length, 'epoch'),
    best && `best ${figureOf(reports).write(best.value)}`,
  ];
  return `${parts.filter(Boolean).join(', ')} (${ratingsName})`;
}

/** The numbers of the chart, for screen readers and for exact values. */
function epochTable() {
  const body = h('tbody');
  const element = h(
    'details',
    { class: 'epochs' },
    h('summary', {}, 'Show as a table'),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Errors by epoch' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['Epoch', 'Loss', 'Training RMSE', 'Validation RMSE', 'Validation NDCG'].map((name) =>
              h('th', { scope: 'col' }, name),
            ),
          ),
        ),
        body,
      ),
    ),
  );
  const row = ({ epoch, loss, trainRmse, validationRmse, validationNdcg }: EpochReport) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, epoch),
      ...[
        rough(loss),
        ...[trainRmse, validationRmse, validationNdcg].map((value) => (value ? decimals(value, 4) : '–')),
      ].map((value) => h('td', {}, value)),
    );
  const show = (reports: readonly EpochReport[]) => {
    if (reports.length < body.childElementCount) replace(body);
    body.append(...reports.slice(body.childElementCount).map(row));
  };
  return { element, show };
}

function announceProgress(store: Store): void {
  let last = 0;
  store.watch(
    ({ run }) => [run?.reports],
    (reports) => {
      const report = reports?.at(-1);
      const now = performance.now() / 1000;
      if (!reports || !report || report.epoch === report.epochs || now - last < announceEvery) return;
      last = now;
      const error = report.validationRmse ?? report.trainRmse;
      store.set({
        announcement:
          `Epoch ${report.epoch} of ${report.epochs}` +
          `${error ? `, RMSE ${decimals(error, 3)}` : ''}, ${timeLeft(reports)}`,
      });
    },
  );
}
