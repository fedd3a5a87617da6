import { cancelReading, readRatings, readTitles, useSample } from '../../actions/read-ratings.js';
import { h, replace } from '../../base/dom.js';
import { bytes, count, counted, decimals, percent, plain } from '../../base/format.js';
import type { TitleList } from '../../items/titles.js';
import type { Data, Reading } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { picker } from '../parts/file-picker.js';
import { problemView } from '../parts/problem-box.js';

export function startView(root: HTMLElement, store: Store): void {
  const reading = h('div', { class: 'reading' });
  const choosing = h('div', { class: 'choosing' });
  const summary = h('div', { class: 'summary' });
  replace(
    root,
    h('div', { class: 'choices' }, sampleCard(store), fileCard(store)),
    reading,
    problemView(store, 'start'),
    problemView(store, 'titles'),
    choosing,
    summary,
  );
  store.watch((state) => [state.reading], drawReading(reading));
  store.watch(
    (state) => [state.choosing],
    async (asked) => {
      const view = asked ? await import('./choose-columns.js') : null;
      if (store.state.choosing !== asked) return;
      if (asked) view?.chooseColumns(choosing, store, asked);
      choosing.hidden = !asked;
    },
  );
  store.watch((state) => [state.data, state.titles], drawSummary(store, summary));
}

const sampleCard = (store: Store) =>
  h(
    'div',
    { class: 'card' },
    h('h3', {}, 'The built-in sample'),
    h(
      'p',
      {},
      'Already loaded: about 100,000 ratings of some 1,700 films by 943 users, modelled on MovieLens 100K. The films are real. ' +
        'Their ratings and the users are made up, and say nothing of any film; but tastes follow the genres: rate a few ' +
        'thrillers high and comedies low, and you should get thrillers.',
    ),
    h('button', { type: 'button', class: 'primary', click: () => void useSample(store) }, 'Use the sample'),
  );

const fileCard = (store: Store) =>
  h(
    'div',
    { class: 'card drop' },
    h('h3', {}, 'Or drop your own file here'),
    h(
      'p',
      {},
      'The MovieLens zip as it is; CSV, Excel, JSON, Parquet and many others, zipped or not. The format and the columns are ' +
        'detected, and the columns can be changed. A second file, such as movies.csv, adds titles.',
    ),
    h(
      'div',
      { class: 'buttons' },
      picker('Choose ratings …', (file) => void readRatings(store, file)),
      picker('Choose titles …', (file) => void readTitles(store, file)),
    ),
  );

function drawReading(box: HTMLElement) {
  const words = h('span');
  const bar = h('progress', { max: 1, 'aria-label': 'Reading the ratings' });
  const cancel = h('button', { type: 'button', class: 'quiet', click: cancelReading }, 'Cancel');
  replace(box, words, bar, cancel);
  return (reading: Reading | null) => {
    box.hidden = reading === null;
    if (!reading) return;
    const { name, bytes: done, totalBytes, rows } = reading;
    const size = totalBytes ? `${bytes(done)} of ${bytes(totalBytes)}` : bytes(done);
    words.textContent = rows === 0 ? `Reading ${name} …` : `Reading ${name}: ${counted(rows, 'row')}, ${size}`;
    if (totalBytes) bar.value = done / totalBytes;
    else bar.removeAttribute('value');
  };
}

const drawSummary = (store: Store, box: HTMLElement) => async (data: Data | null, titles: TitleList | null) => {
  // Of the sample there is little to say, and the rest is loaded only for files.
  const about = data?.file || titles ? (await import('./about-files.js')).aboutFiles(store, data, titles) : [];
  if (store.state.data !== data || store.state.titles !== titles) return;
  box.hidden = !data && !titles;
  replace(
    box,
    data && h('h3', {}, data.itemList.sample ? 'The sample' : data.name),
    data && figures(data),
    data?.itemList.sample &&
      h(
        'p',
        { class: 'understood' },
        'Real films; the ratings are made up by a seeded generator, the same on every visit.',
      ),
    ...about,
  );
};

function figures({ ratings }: Data): HTMLElement {
  const { size, userCount, itemCount, mean, range } = ratings;
  const figure = (value: string, name: string) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  return h(
    'dl',
    { class: 'figures' },
    figure(count(size), 'ratings'),
    figure(count(userCount), 'users'),
    figure(count(itemCount), 'items'),
    figure(decimals(mean, 2), 'mean rating'),
    figure(`${plain(range[0])} – ${plain(range[1])}`, 'range'),
    figure(percent(size / (userCount * itemCount)), 'of all pairs rated'),
  );
}
