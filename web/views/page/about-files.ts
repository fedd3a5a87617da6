/** How files were read, and their columns, which can be changed. Loaded only when there are files. */
import type { RatingsSource } from 'matfac';
import { type ColumnsByRole, chooseColumn, type Role, roles } from '../../actions/choose-column.js';
import { h } from '../../base/dom.js';
import { count, counted } from '../../base/format.js';
import type { TitleList } from '../../items/titles.js';
import type { Data, State } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { columnField } from '../parts/column-field.js';

export function aboutFiles(store: Store, data: Data | null, titles: TitleList | null): (HTMLElement | null)[] {
  const notes = data?.notes ?? [];
  return [
    reports({ data, titles }),
    notes.length > 0 ? h('ul', { class: 'notes' }, ...notes.map((note) => h('li', {}, note))) : null,
    data && columnsView(store, data),
    skippedRows(data),
  ];
}

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

/** How the files were read. */
function reports({ data, titles }: Pick<State, 'data' | 'titles'>): HTMLElement {
  const lines: string[] = [];
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
