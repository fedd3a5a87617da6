/** The choice of columns for a file that does not tell them, with its first rows. Loaded only for such a file. */
import { readRatings } from '../../actions/read-ratings.js';
import { h, replace } from '../../base/dom.js';
import type { Choosing } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';
import { columnField } from '../parts/column-field.js';

const roles = ['user', 'item', 'rating', 'timestamp'] as const;

export function chooseColumns(box: HTMLElement, store: Store, { file, readAs, titles, rows, known }: Choosing): void {
  const fields = roles.map((role) => {
    const isNeeded = role === 'user' || role === 'item';
    const chosen = readAs.columns ? readAs.columns[role] : known[role];
    const column = typeof chosen === 'number' ? chosen : null;
    const options = { prefix: 'choose', none: isNeeded ? 'Choose …' : 'None' };
    return { role, ...columnField(role, titles, column, options) };
  });
  const said = h('span', { class: 'small', role: 'status' });
  const read = () => {
    const columns = Object.fromEntries(
      fields.map(({ role, select }) => [role, select.value === '' ? null : Number(select.value)]),
    );
    const { user, item } = columns;
    if (user == null || item == null || user === item) {
      said.textContent = 'Please choose a column for who and another one for what.';
      return;
    }
    said.textContent = '';
    void readRatings(store, file, { ...readAs, columns });
  };
  const leave = () => {
    store.set({ choosing: null });
    problemAt(store, 'start');
  };
  replace(
    box,
    h('h3', {}, `Which column of ${file.name} is which?`),
    h('div', { class: 'column-choice' }, ...fields.map(({ element }) => element)),
    firstRowsTable(titles, rows),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'primary', click: read }, 'Read the file'),
      h('button', { type: 'button', class: 'quiet', click: leave }, 'Leave it'),
      said,
    ),
  );
}

function firstRowsTable(titles: Choosing['titles'], rows: Choosing['rows']): HTMLElement | null {
  if (rows.length === 0) return null;
  const head = h('tr', {}, ...titles.map((title) => h('th', { scope: 'col' }, title)));
  const lines = rows.map((row) => h('tr', {}, ...titles.map((_, i) => h('td', {}, row[i] ?? ''))));
  return h(
    'div',
    { class: 'first-rows', tabindex: '0', role: 'region', 'aria-label': 'The first rows' },
    h('table', {}, h('thead', {}, head), h('tbody', {}, ...lines)),
  );
}
