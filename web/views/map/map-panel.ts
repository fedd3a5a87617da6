import { keepMapUpToDate, mostDots, selectOnMap } from '../../actions/update-map.js';
import { h, replace } from '../../base/dom.js';
import { count, counted } from '../../base/format.js';
import { nameOf } from '../../items/titles.js';
import type { ItemMap } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { colourChoice } from './colour-choice.js';
import { MapCanvas } from './map-canvas.js';
import { type MapStyle, styleOf } from './map-style.js';
import { mapTable } from './map-table.js';
import { nearestItems } from './nearest-items.js';

/** The map of items with what belongs to it: its description, legend, search and table. */
export function mapPanel(root: HTMLElement, store: Store): void {
  let style: MapStyle | null = null;
  const canvas = new MapCanvas((index) => selectOnMap(store, style?.itemAt(index) ?? null));
  const description = h('p', { class: 'map-words' });
  const empty = h(
    'p',
    { class: 'empty' },
    'The items appear here once training starts, and spread out as the model learns.',
  );
  const legend = h('ul', { class: 'legend' });
  const colours = colourChoice(() => draw(false));
  const nearest = nearestItems(store, (item) => canvas.centre(style?.indexOf(item) ?? -1));
  const table = mapTable(store);
  const left = h(
    'div',
    { class: 'map-main' },
    stage(canvas),
    h('div', { class: 'map-below' }, colours.element, legend),
  );
  const body = h('div', { class: 'map-body' }, left, nearest.element);
  replace(root, h('h3', { id: 'map' }, 'The map of items'), description, empty, body, table);

  const draw = (animated: boolean) => {
    const { map, titles, mapItem } = store.state;
    empty.hidden = map !== null;
    for (const part of [body, table, description]) part.hidden = map === null;
    if (!map) return;
    description.textContent = descriptionOf(map);
    style = styleOf(map, titles, colours, style);
    replace(legend, ...style.legend);
    const { palette, itemAt, indexOf } = style;
    const chosen = mapItem === null ? -1 : indexOf(mapItem);
    const neighbours = nearest.show(mapItem).map(indexOf);
    // An item too little known to be drawn has no lines either.
    const near = chosen < 0 ? [] : neighbours.filter((index) => index >= 0);
    canvas.element.setAttribute('aria-label', labelOf(map));
    const label = (index: number) => nameOf(itemAt(index)!, map.itemList, titles).title;
    const positions = style.inOrder(map.positions);
    canvas.show({ positions, colours: style.colours, palette, labelOf: label, chosen, near }, animated);
  };
  keepMapUpToDate(store);
  store.watch(
    ({ map }) => [map],
    (_map) => draw(true),
  );
  store.watch(
    ({ mapItem, titles, model }) => [mapItem, titles, model],
    (_item, _titles, _model) => draw(false),
  );
}

const stage = (canvas: MapCanvas): HTMLElement =>
  h(
    'div',
    { class: 'stage' },
    canvas.element,
    h(
      'div',
      { class: 'zoom' },
      h('button', { type: 'button', 'aria-label': 'Zoom in', click: () => canvas.zoom(1.6) }, '+'),
      h('button', { type: 'button', 'aria-label': 'Zoom out', click: () => canvas.zoom(1 / 1.6) }, '−'),
      h('button', { type: 'button', 'aria-label': 'Show all', click: () => canvas.reset() }, '⤢'),
    ),
  );

function descriptionOf({ items, epoch }: ItemMap): string {
  const drawn = items.length > mostDots ? `The ${count(mostDots)} best known of ` : '';
  const after = epoch === null ? '' : ` After epoch ${epoch} …`;
  return (
    `${drawn}${counted(items.length, 'item')}, on the two axes along which their factors differ most. ` +
    `Items that the same people like are close together.${after}`
  );
}

const labelOf = ({ items }: ItemMap): string =>
  `Map of ${counted(items.length, 'item')}. Arrow keys move it, plus and minus zoom, 0 shows all. The same items are in the table below.`;
