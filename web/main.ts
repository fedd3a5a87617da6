import { findKeptModel } from './actions/keep-model.js';
import { keepOffline } from './actions/keep-offline.js';
import { useSample } from './actions/read-ratings.js';
import { startTraining } from './actions/train-model.js';
import { elementAt, h } from './base/dom.js';
import { addressNow, writeAddress } from './settings/address.js';
import { Store } from './state/store.js';
import { judgeView } from './views/judge/comparison.js';
import { keepView } from './views/keep/keep.js';
import { progressView } from './views/learn/progress.js';
import { settingsView } from './views/learn/settings-form.js';
import { dropView } from './views/page/drop-target.js';
import { figureView } from './views/page/opening-figure.js';
import { startView } from './views/page/start.js';
import { stepsView } from './views/page/steps.js';
import { trustView } from './views/page/trust.js';
import { whenNear } from './views/parts/near.js';
import { rateView } from './views/rate/rate.js';
import { recommendationsView } from './views/rate/recommendations.js';
import { seeView } from './views/see/see.js';

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
  stars: new Map(),
  ownList: null,
  walk: null,
  map: null,
  judgement: null,
  searching: null,
  kept: false,
  diversity: 0,
  mapItem: null,
  problems: {},
  offline: 'waiting',
  announcement: '',
});

figureView(elementAt('#figure'));
startView(elementAt('[data-view=start]'), store);
settingsView(elementAt('[data-view=settings]'), store);
progressView(elementAt('[data-view=progress]'), store);
seeView(elementAt('[data-view=see]'), store);
rateView(elementAt('[data-view=rate]'), store);
recommendationsView(elementAt('[data-view=recommendations]'), store);
whenNear(elementAt('[data-view=learn]'), async () => {
  const { mathematicsView } = await import('./views/mathematics/mathematics.js');
  mathematicsView(elementAt('[data-view=learn]'), store);
});
judgeView(elementAt('[data-view=judge]'), store);
keepView(elementAt('[data-view=keep]'), store);
trustView(elementAt('[data-view=trust]'), store);
stepsView(elementAt('#steps'), store);
dropView(store);

const announcer = document.body.appendChild(h('p', { class: 'visually-hidden', role: 'status' }));
store.watch(
  ({ announcement }) => [announcement],
  (words) => (announcer.textContent = words),
);

elementAt('#try').addEventListener('click', () => void startTraining(store));

let isFirst = true;
store.watch(
  ({ settings }) => [settings],
  (settings) => {
    if (!isFirst) writeAddress(settings);
    isFirst = false;
  },
);
void useSample(store).then(() => keepOffline(store));
void findKeptModel(store);
