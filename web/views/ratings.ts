import { cancelReading, readRatings, readTitles, useSample } from '../actions/ratings.js';
import { h, replace } from '../dom.js';
import { bytes, count, counted, decimals, percent, plain } from '../format.js';
import type { Data, Reading, Store, TitleList } from '../state.js';
import { picker } from './picker.js';
import { problemView } from './problem.js';

export function ratingsView(root: HTMLElement, store: Store): void {
  const reading = h('div', { class: 'reading' });
  const summary = h('div', { class: 'summary' });
  replace(
    root,
    h('div', { class: 'choices' }, sampleCard(store), fileCard(store)),
    reading,
    problemView(store, 'ratings'),
    problemView(store, 'titles'),
    summary,
  );
  store.watch((state) => [state.reading], drawReading(reading));
  store.watch((state) => [state.data, state.titles], drawSummary(summary));
}

const sampleCard = (store: Store) =>
  h(
    'div',
    { class: 'card' },
    h('h3', {}, 'Use the sample'),
    h(
      'p',
      {},
      'Ratings in the shape of MovieLens 100K: about 100,000 by 943 users. All of it is made up, ' +
        'tastes and titles too, so look for what belongs together rather than for films you know.',
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
      'One rating a line: csv, tsv, or MovieLens’s own formats, gzipped or not. Delimiter and columns are found out. ' +
        'A second file, such as movies.csv, can give the items their titles.',
    ),
    h(
      'div',
      { class: 'buttons' },
      picker('Choose ratings …', (file) => void readRatings(store, file)),
      picker('Choose titles …', (file) => void readTitles(store, file), 'quiet'),
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

const drawSummary = (box: HTMLElement) => (data: Data | null, titles: TitleList | null) => {
  box.hidden = !data && !titles;
  replace(
    box,
    data && h('h3', {}, sentence(data.name)),
    data && figures(data),
    understood(data, titles),
    skippedRows(data),
  );
};

const sentence = (name: string) => name[0].toUpperCase() + name.slice(1);

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
    figure(`${plain(range.min)} – ${plain(range.max)}`, 'range'),
    figure(percent(size / (userCount * itemCount)), 'of all pairs rated'),
  );
}

/** What was understood of the file, in words. */
function understood(data: Data | null, titles: TitleList | null): HTMLElement {
  const lines: string[] = [];
  const source = data?.ratings.source;
  if (source) lines.push(String(source));
  if (titles && data) {
    const known = data.catalogue.sample ? 0 : data.ratings.items.filter((item) => titles.byId.has(item)).length;
    lines.push(`Titles from ${titles.name}: ${count(known)} of ${count(data.ratings.itemCount)} items have one.`);
  } else if (titles) lines.push(`Titles from ${titles.name}: ${counted(titles.byId.size, 'title')}.`);
  return h('ul', { class: 'understood' }, ...lines.map((line) => h('li', {}, line)));
}

function skippedRows(data: Data | null): HTMLElement | null {
  const skipped = data?.ratings.skipped;
  if (!skipped || skipped.count === 0) return null;
  return h(
    'details',
    { class: 'skipped' },
    h(
      'summary',
      {},
      `${counted(skipped.count, 'row')} could not be read and ${skipped.count === 1 ? 'was' : 'were'} skipped`,
    ),
    h(
      'ul',
      {},
      ...skipped.first.map(({ line, column, reason }) => h('li', {}, `Line ${line}, column ${column}: ${reason}`)),
    ),
  );
}
