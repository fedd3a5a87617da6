import { h, place } from './dom.js';
import { settingsFor } from './solvers.js';
import { Store } from './state.js';
import { dropView } from './views/drop.js';
import { figureView } from './views/figure.js';
import { keepView } from './views/keep.js';
import { progressView } from './views/progress.js';
import { rateView } from './views/rate.js';
import { ratingsView } from './views/ratings.js';
import { recommendationsView } from './views/recommendations.js';
import { settingsView } from './views/settings.js';
import { stepsView } from './views/steps.js';

const store = new Store({
  data: null,
  reading: null,
  titles: null,
  settings: settingsFor('als', 0.1),
  run: null,
  model: null,
  stars: new Map(),
  problems: {},
  announcement: '',
});

figureView(place('#figure'));
stepsView(place('#steps'), store);
ratingsView(place('[data-view=ratings]'), store);
settingsView(place('[data-view=settings]'), store);
progressView(place('[data-view=progress]'), store);
rateView(place('[data-view=rate]'), store);
recommendationsView(place('[data-view=recommendations]'), store);
keepView(place('[data-view=keep]'), store);
dropView(store);

const announcer = document.body.appendChild(h('p', { class: 'visually-hidden', role: 'status' }));
store.watch(
  ({ announcement }) => [announcement],
  (words) => (announcer.textContent = words),
);
