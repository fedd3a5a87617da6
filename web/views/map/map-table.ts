import { h, replace } from '../../base/dom.js';
import { count, counted, exact } from '../../base/format.js';
import { pointAt } from '../../compute/map-geometry.js';
import { nameOf } from '../../items/titles.js';
import type { Store } from '../../state/store.js';

const mostRows = 100;

/** The map as a table, filled only while it is open. */
export function mapTable(store: Store): HTMLElement {
  const body = h('tbody');
  const note = h('p', { class: 'small' });
  const element = h(
    'details',
    { class: 'same' },
    h('summary', {}, 'Show as a table'),
    note,
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Items and their positions on the map' },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...['Item', 'Genres', 'x', 'y'].map((name) => h('th', { scope: 'col' }, name)))),
        body,
      ),
    ),
  );
  const fill = () => {
    const { map, titles } = store.state;
    if (!element.open || !map) return;
    const points = new Map(map.items.map((item, index) => [item, pointAt(map.positions, index)]));
    const rows = map.itemList.items.filter((item) => points.has(item)).slice(0, mostRows);
    note.textContent = `The ${count(rows.length)} best known of ${counted(map.items.length, 'item')}.`;
    replace(
      body,
      ...rows.map((item) => {
        const { title, genres } = nameOf(item, map.itemList, titles);
        const { x, y } = points.get(item)!;
        const cells = [genres, exact(x, 3), exact(y, 3)].map((text) => h('td', {}, text));
        return h('tr', {}, h('th', { scope: 'row' }, title), ...cells);
      }),
    );
  };
  element.addEventListener('toggle', fill);
  store.watch(
    ({ map, titles }) => [map, titles],
    (_map, _titles) => fill(),
  );
  return element;
}
