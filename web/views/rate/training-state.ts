/** Above the stars: how far the training is, that its model is ready, or that it is of older ratings. */
import { isUnderWay, startTraining } from '../../actions/train-model.js';
import { h, replace } from '../../base/dom.js';
import { count, seconds } from '../../base/format.js';
import { currentItemList, isOutdated, type Run, type State, starsOf } from '../../state/state.js';
import type { Store } from '../../state/store.js';

/** How many ratings tell enough of a taste. */
const wanted = 3;

export function trainingStateView(root: HTMLElement, store: Store): void {
  const words = h('p');
  const bar = h('progress', { max: 1, 'aria-label': 'Training' });
  const train = h('button', { type: 'button', click: () => void startTraining(store) });
  root.classList.add('training-state');
  replace(root, words, train, bar);
  store.watch(
    (state) => [state.run, state.model, state.data, starsOf(state, currentItemList(state)).size],
    (run, model, data, given) => {
      const isTraining = isUnderWay(run);
      words.textContent = wordsFor(store.state, given);
      root.classList.toggle('outdated', isOutdated(store.state) && !isTraining);
      train.hidden = isTraining || !data || (model !== null && !isOutdated(store.state));
      train.textContent = `${model ? 'Retrain' : 'Train'} on ${data?.name}`;
      bar.hidden = !isTraining;
      const last = run?.reports.at(-1);
      bar.value = last ? last.epoch / last.epochs : 0;
    },
  );
}

function wordsFor(state: State, given: number): string {
  const { run, model, data } = state;
  if (run && isUnderWay(run)) return progressOf(run);
  if (!model) return data ? 'There is no model yet.' : 'Reading the ratings …';
  if (isOutdated(state)) return `This model is of older ratings: ${model.origin}.`;
  const taken = model.trainedBy?.reports.at(-1)?.seconds;
  const trained = taken === undefined ? 'The model is ready.' : `Trained in ${seconds(taken)}.`;
  return given >= wanted ? trained : `${trained} ${['Rate three.', 'Rate two more.', 'Rate one more.'][given]}`;
}

function progressOf({ status, reports }: Run): string {
  const last = reports.at(-1);
  if (!last) return 'Training …';
  const epoch = `epoch ${count(last.epoch)} of ${count(last.epochs)}`;
  return status === 'paused' ? `Paused after ${epoch}.` : `Training: ${epoch}.`;
}
