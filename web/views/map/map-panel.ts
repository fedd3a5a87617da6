import { keepMapUpToDate, mostDots, selectOnMap } from '../../actions/update-map.js';
import { h, replace } from '../../base/dom.js';
import { count, counted } from '../../base/format.js';
import { inOwnTask } from '../../base/yielding.js';
import type { Positions } from '../../compute/map-geometry.js';
import { axesOf, centroidsOf, type MapAxes } from '../../compute/map-landmarks.js';
import { nameOf } from '../../items/titles.js';
import { type ItemMap, starsOf } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { colourChoice } from './colour-choice.js';
import { axesAround, axesInWords } from './map-axes.js';
import { MapCanvas } from './map-canvas.js';
import { type MapStyle, styleOf } from './map-style.js';
import { mapTable } from './map-table.js';
import { nearestItems } from './nearest-items.js';
import { visitorOnMap } from './visitor.js';

/** The map of items with what belongs to it: its description, axes, legend, search and table. */
export function mapPanel(root: HTMLElement, store: Store): void {
  let style: MapStyle | null = null;
  const canvas = new MapCanvas((index) => selectOnMap(store, style?.itemAt(index) ?? null));
  const axes = axesAround(plotOf(canvas));
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
  const below = h('div', { class: 'map-below' }, colours.element, legend);
  const body = h('div', { class: 'map-body' }, h('div', { class: 'map-main' }, axes.element, below), nearest.element);
  replace(root, h('h3', { id: 'map' }, 'The map of items'), description, empty, body, table);

  const draw = (animated: boolean) => {
    const { map, titles, mapItem } = store.state;
    empty.hidden = map !== null;
    for (const part of [body, table, description]) part.hidden = map === null;
    if (!map) return;
    style = styleOf(map, titles, colours, style);
    const { itemAt, indexOf, sizes, palette } = style;
    replace(legend, ...style.legend);
    const items = style.inOrder(map.positions);
    const { place, recommended } = visitorOnMap(store.state, items, indexOf);
    description.textContent = descriptionOf(map, place !== null);
    const chosen = mapItem === null ? -1 : indexOf(mapItem);
    const neighbours = nearest.show(mapItem, recommended).map(indexOf);
    const name = (index: number) => nameOf(itemAt(index)!, map.itemList, titles).title;
    const ends = axesOf(style.genres, items, name);
    axes.show(ends);
    canvas.element.setAttribute('aria-label', labelOf(map, ends));
    canvas.show(
      {
        positions: place ? joined(items, place) : items,
        colours: style.colours,
        sizes,
        palette,
        labelOf: (index) => (index < sizes.length ? name(index) : 'You'),
        chosen,
        // An item too little known to be drawn has no lines and no rings either.
        near: chosen < 0 ? [] : neighbours.filter((index) => index >= 0),
        recommended: recommended.map(indexOf).filter((index) => index >= 0),
        visitor: place ? sizes.length : -1,
        landmarks: centroidsOf(style.genres, items),
      },
      animated,
    );
  };
  let isAnimated = false;
  const drawLater = inOwnTask(() => {
    const animated = isAnimated;
    isAnimated = false;
    draw(animated);
  });
  keepMapUpToDate(store);
  store.watch(
    (state) => [state.map, starsOf(state, state.map?.itemList ?? null)],
    (_map, _stars) => {
      isAnimated = true;
      drawLater();
    },
  );
  store.watch(
    ({ mapItem }) => [mapItem],
    (_mapItem) => draw(false),
  );
  store.watch(
    ({ titles, model, snapshot, diversity }) => [titles, model, snapshot, diversity],
    (..._changed) => drawLater(),
  );
}

function joined(items: Positions, { x, y }: { x: number; y: number }): Positions {
  const all = new Float64Array(items.length + 2);
  all.set(items);
  all.set([x, y], items.length);
  return all;
}

const plotOf = (canvas: MapCanvas): HTMLElement =>
  h(
    'div',
    { class: 'plot' },
    canvas.element,
    h(
      'div',
      { class: 'zoom' },
      h('button', { type: 'button', 'aria-label': 'Zoom in', click: () => canvas.zoom(1.6) }, '+'),
      h('button', { type: 'button', 'aria-label': 'Zoom out', click: () => canvas.zoom(1 / 1.6) }, '−'),
      h('button', { type: 'button', 'aria-label': 'Show all', click: () => canvas.reset() }, '⤢'),
    ),
  );

function descriptionOf({ items, epoch }: ItemMap, isVisitorThere: boolean): string {
  const drawn = items.length > mostDots ? `The ${count(mostDots)} best known of ` : '';
  const you = isVisitorThere
    ? ' “You” are in the middle of what you liked, and what is recommended to you is ringed.'
    : ' Rate a few items, and you are on it too.';
  const after = epoch === null ? '' : ` After epoch ${epoch} …`;
  return (
    `${drawn}${counted(items.length, 'item')}, on the two axes along which they differ most. ` +
    `Items that the same people like are close together, and well-known ones are large.${you}${after}`
  );
}

const labelOf = ({ items }: ItemMap, axes: MapAxes): string =>
  `Map of ${counted(items.length, 'item')}.${axesInWords(axes)} Arrow keys move it, plus and minus zoom, 0 shows all. ` +
  'The same items are in the table below.';
