import type { RatingsSource } from 'matfac';
import {
  type ColumnsByRole,
  cancelReading,
  chooseColumn,
  type Role,
  readRatings,
  readTitles,
  roles,
  useSample,
} from '../../actions/read-ratings.js';
import { h, replace } from '../../base/dom.js';
import { bytes, count, counted, decimals, percent, plain } from '../../base/format.js';
import type { TitleList } from '../../items/titles.js';
import type { Data, Reading, State } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { columnField } from '../parts/column-field.js';
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
    async (file) => {
      choosing.hidden = !file;
      if (file) (await import('./choose-columns.js')).chooseColumns(choosing, store, file);
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
      'Already loaded: about 100,000 ratings of some 1,700 films by 943 users, modelled on MovieLens 100K. All of them are ' +
        'made up, but the genres follow the tastes: rate a few thrillers high and comedies low, and you should get thrillers.',
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
      'The MovieLens zip as it is, or CSV, TSV, JSON or Parquet, compressed or not. The format and the columns are detected, ' +
        'and the columns can be changed. A second file, such as movies.csv, adds titles.',
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

const drawSummary = (store: Store, box: HTMLElement) => (data: Data | null, titles: TitleList | null) => {
  box.hidden = !data && !titles;
  replace(
    box,
    data && h('h3', {}, data.itemList.sample ? 'The sample' : data.name),
    data && figures(data),
    reports({ data, titles }),
    data && columnsView(store, data),
    data && data.notes.length > 0 && h('ul', { class: 'notes' }, ...data.notes.map((note) => h('li', {}, note))),
    skippedRows(data),
  );
};

/** The detected columns. Changing one reads the file again. */
function columnsView(store: Store, { file, readAs, ratings: { source } }: Data): HTMLElement | null {
  if (!file || !source) return null;
  const columns: ColumnsByRole = source.columns;
  const used = Object.values(columns);
  const names =
    source.titles ??
    Array.from({ length: Math.max(4, ...used.map((column) => (column ?? 0) + 1)) }, (_, i) => `Column ${i + 1}`);
  const isShown = (role: Role) => role !== 'event' || role in { ...columns, ...readAs?.columns };
  const field = (role: Role) => {
    const { element, select } = columnField(role, names, columns[role]);
    select.addEventListener('change', () =>
      chooseColumn(store, role, select.value === '' ? null : Number(select.value)),
    );
    return element;
  };
  return h(
    'fieldset',
    { class: 'column-choice' },
    h('legend', {}, 'Detected columns. If you change one, the file is read again.'),
    ...roles.filter(isShown).map(field),
  );
}

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

/** How the files were read. */
function reports({ data, titles }: Pick<State, 'data' | 'titles'>): HTMLElement {
  const lines: string[] = [];
  if (data?.itemList.sample) lines.push('Made up by a seeded generator: the same on every visit.');
  if (data?.ratings.source) lines.push(sourceInWords(data.ratings.source));
  const { source, implicit } = data?.ratings ?? {};
  // Where the library noted why, that is among the notes.
  if (implicit && !source?.notes.some(({ code }) => code === 'implicit')) {
    lines.push('There is no rating column: each row says that somebody took something.');
  }
  const { titleFile, itemTitles } = source ?? {};
  if (titles) lines.push(titlesInWords(titles, data));
  else if (titleFile && itemTitles) lines.push(titlesInWords({ name: titleFile, byId: itemTitles }, data));
  return h('ul', { class: 'understood' }, ...lines.map((line) => h('li', {}, line)));
}

const delimiters: Record<string, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ' ': 'spaces',
};

function sourceInWords({ format, delimiter, compression, file, titles, columns }: RatingsSource): string {
  const found = roles.flatMap((role) => {
    const column = (columns as ColumnsByRole)[role];
    if (typeof column !== 'number') return [];
    return titles ? `${role} in “${titles[column]}”` : `${role} in column ${column + 1}`;
  });
  const archive = compression === 'gzip' ? ', gzipped' : compression === 'zip' ? `, ${file} in a zip archive` : '';
  if (delimiter === '') return `Read as ${format}${archive}: ${found.join(', ')}.`;
  const fields = `separated by ${delimiters[delimiter] ?? `“${delimiter}”`}`;
  const header = `${titles ? 'with' : 'without'} a header line`;
  return `Read as ${format}${archive}, ${fields}, ${header}: ${found.join(', ')}.`;
}

function titlesInWords({ name, byId }: TitleList, data: Data | null): string {
  if (!data || data.itemList.sample) return `Titles from ${name}: ${counted(byId.size, 'item')}.`;
  const { items } = data.ratings;
  const known = items.filter((item) => byId.has(item)).length;
  return `Titles from ${name}: ${count(known)} of ${counted(items.length, 'item')} have one.`;
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
