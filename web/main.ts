import { followSession } from './actions/follow-session.js';
import { followTraining } from './actions/follow-training.js';
import { keepOffline } from './actions/keep-offline.js';
import { useSample } from './actions/read-ratings.js';
import { elementAt, h } from './base/dom.js';
import { addressNow, writeAddress } from './settings/address.js';
import { Store } from './state/store.js';
import { progressView } from './views/learn/progress.js';
import { settingsView } from './views/learn/settings-form.js';
import { dropView } from './views/page/drop-target.js';
import { foldsView } from './views/page/folds.js';
import { figureView } from './views/page/opening-figure.js';
import { sessionOffer } from './views/page/session-offer.js';
import { startView } from './views/page/start.js';
import { landAtHeadings, stepsView } from './views/page/steps.js';
import { trainLink } from './views/page/train-link.js';
import { undoBar } from './views/page/undo-bar.js';
import { copyButton } from './views/parts/copy-button.js';
import { whenNear } from './views/parts/near.js';
import { rateView } from './views/rate/rate.js';
import { recommendationsView } from './views/rate/recommendations.js';
import { trainingStateView } from './views/rate/training-state.js';

const store = new Store({
  data: null,
  reading: null,
  choosing: null,
  titles: null,
  settings: addressNow(),
  run: null,
  earlierRuns: [],
  comparedRun: null,
  model: null,
  snapshot: null,
  stars: new Map(),
  ownList: null,
  toRate: null,
  walk: null,
  map: null,
  judgement: null,
  searching: null,
  kept: false,
  diversity: 0,
  mapItem: null,
  problems: {},
  undo: null,
  offline: 'waiting',
  announcement: '',
});

figureView(elementAt('#figure'), store);
trainingStateView(elementAt('[data-view=training]'), store);
rateView(elementAt('[data-view=rate]'), store);
recommendationsView(elementAt('[data-view=recommendations]'), store);
// What is below the first screen is drawn after it.
for (const [name, view] of [
  ['start', startView],
  ['settings', settingsView],
  ['progress', progressView],
] as const)
  setTimeout(() => view(elementAt(`[data-view=${name}]`), store));
whenNear(elementAt('[data-view=learn]'), async () => {
  const { mathematicsView } = await import('./views/mathematics/mathematics.js');
  mathematicsView(elementAt('[data-view=learn]'), store);
});
whenNear(elementAt('[data-view=see]'), async () => {
  const { seeView } = await import('./views/see/see.js');
  seeView(elementAt('[data-view=see]'), store);
});
whenNear(elementAt('[data-view=judge]'), async () => {
  const { judgeView, keepView, trustView } = await import('./views/later-sections.js');
  judgeView(elementAt('[data-view=judge]'), store);
  keepView(elementAt('[data-view=keep]'), store);
  trustView(elementAt('[data-view=trust]'), store);
});
stepsView(elementAt('#steps'));
foldsView(store);
elementAt('.install').append(copyButton('Copy', elementAt('.install code')));
dropView(store);
document.body.append(undoBar(store));
followTraining(store);
sessionOffer(elementAt('#session'), store);
followSession(store);

const announcer = document.body.appendChild(h('p', { class: 'visually-hidden', role: 'status' }));
store.watch(
  ({ announcement }) => [announcement],
  (words) => (announcer.textContent = words),
);

let isFirst = true;
store.watch(
  ({ settings }) => [settings],
  (settings) => {
    if (!isFirst) writeAddress(settings);
    isFirst = false;
  },
);
const opened = useSample(store);
trainLink(elementAt('#try') as HTMLAnchorElement, store, opened);
landAtHeadings(opened);
void opened.then(() => keepOffline(store));
