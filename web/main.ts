import { lookForKept } from './actions/kept.js';
import { keepOffline } from './actions/offline.js';
import { useSample } from './actions/ratings.js';
import { startTraining } from './actions/training.js';
import { addressNow, writeAddress } from './address.js';
import { h, place } from './dom.js';
import { Store } from './state.js';
import { dropView } from './views/drop.js';
import { figureView } from './views/figure.js';
import { judgeView } from './views/judge.js';
import { leaveView } from './views/leave.js';
import { progressView } from './views/progress.js';
import { rateView } from './views/rate.js';
import { recommendationsView } from './views/recommendations.js';
import { seeView } from './views/see.js';
import { settingsView } from './views/settings.js';
import { startView } from './views/start.js';
import { stepsView } from './views/steps.js';
import { trustView } from './views/trust.js';

const store = new Store({
  data: null,
  reading: null,
  titles: null,
  settings: addressNow(),
  run: null,
  earlierRuns: [],
  comparedRun: null,
  model: null,
  stars: new Map(),
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

/** Each section of index.html has its place, data-view, and its view, views/<name>.ts. */
figureView(place('#figure'));
startView(place('[data-view=start]'), store);
settingsView(place('[data-view=settings]'), store);
progressView(place('[data-view=progress]'), store);
seeView(place('[data-view=see]'), store);
rateView(place('[data-view=rate]'), store);
recommendationsView(place('[data-view=recommendations]'), store);
judgeView(place('[data-view=judge]'), store);
leaveView(place('[data-view=leave]'), store);
trustView(place('[data-view=trust]'), store);
stepsView(place('#steps'), store);
dropView(store);

const announcer = document.body.appendChild(h('p', { class: 'visually-hidden', role: 'status' }));
store.watch(
  ({ announcement }) => [announcement],
  (words) => (announcer.textContent = words),
);

place('#try').addEventListener('click', () => void startTraining(store));

let isFirst = true;
store.watch(
  ({ settings }) => [settings],
  (settings) => {
    if (!isFirst) writeAddress(settings);
    isFirst = false;
  },
);
void useSample(store).then(() => keepOffline(store));
void lookForKept(store);
