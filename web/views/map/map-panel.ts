import type { Id } from 'matfac';
import { problemOf } from '../../actions/problem-of.js';
import { keepMapUpToDate, mostDots, selectOnMap } from '../../actions/update-map.js';
import { h, replace } from '../../base/dom.js';
import { count, counted, decimals, exact } from '../../base/format.js';
import { type Positions, pointAt } from '../../compute/map-geometry.js';
import { genreIndex, genresToColour } from '../../items/genre-colours.js';
import type { ItemList } from '../../items/item-list.js';
import { searchItems } from '../../items/item-search.js';
import { nameOf, type TitleList } from '../../items/titles.js';
import type { ItemMap } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';
import { mapCanvas } from './map-canvas.js';

type Colouring = 'genre' | 'popularity';

/** How many neighbours are listed. */
const neighbours = 8;

/** Rows of the table that says the same. */
const tableRows = 100;

export function mapView(root: HTMLElement, store: Store): void {
  let dress: Dress | null = null;
  const canvas = mapCanvas((index) => selectOnMap(store, dress?.itemAt(index) ?? null));
  const words = h('p', { class: 'map-words' });
  const empty = h(
    'p',
    { class: 'empty' },
    'The items appear here as soon as a model learns, and move apart as it does.',
  );
  const legend = h('ul', { class: 'legend' });
  const colouring = colourChoice(() => draw(false));
  const side = sideView(store, (item) => canvas.centre(dress?.placeOf(item) ?? -1));
  const table = tableView(store);
  const stage = h(
    'div',
    { class: 'stage' },
    canvas.element,
    h(
      'div',
      { class: 'zoom' },
      h('button', { type: 'button', 'aria-label': 'Zoom in', click: () => canvas.zoom(1.6) }, '+'),
      h('button', { type: 'button', 'aria-label': 'Zoom out', click: () => canvas.zoom(1 / 1.6) }, '−'),
      h('button', { type: 'button', 'aria-label': 'Show all', click: canvas.reset }, '⤢'),
    ),
  );
  const left = h('div', { class: 'map-main' }, stage, h('div', { class: 'map-below' }, colouring.element, legend));
  const body = h('div', { class: 'map-body' }, left, side.element);
  replace(root, h('h3', { id: 'map' }, 'The map of items'), words, empty, body, table);

  const draw = (moves: boolean) => {
    const { map, titles, mapItem } = store.state;
    empty.hidden = map !== null;
    for (const part of [body, table, words]) part.hidden = map === null;
    if (!map) return;
    words.textContent = wordsOf(map);
    dress = dressOf(map, titles, colouring, dress);
    replace(legend, ...dress.legend);
    const { colours, palette, itemAt, placeOf } = dress;
    const chosen = mapItem === null ? -1 : placeOf(mapItem);
    const nearest = side.show(mapItem).map(placeOf);
    // Of one that is too little known to be drawn there are no lines to draw either.
    const near = chosen < 0 ? [] : nearest.filter((place) => place >= 0);
    canvas.element.setAttribute('aria-label', labelOf(map));
    const label = (index: number) => nameOf(itemAt(index)!, map.itemList, titles).title;
    canvas.show({ places: dress.inOrder(map.positions), colours, palette, labelOf: label, chosen, near }, moves);
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

const wordsOf = ({ items, epoch }: ItemMap): string =>
  `${items.length > mostDots ? `The ${count(mostDots)} best known of ` : ''}${counted(items.length, 'item')}, on the two axes along which their factors differ most: items that the same people like ` +
  `lie near each other. ${epoch === null ? '' : `After epoch ${epoch} …`}`;

const labelOf = ({ items }: ItemMap): string =>
  `Map of ${counted(items.length, 'item')}. Arrow keys move it, plus and minus zoom, 0 shows all. The table below says the same.`;

/** How the items of a map are drawn, which stays as it is from one epoch to the next. */
interface Dress {
  of: readonly unknown[];
  colours: Uint8Array;
  palette: readonly string[];
  legend: readonly HTMLElement[];
  itemAt(place: number): Id | undefined;
  /** −1 for an item that is not on the map. */
  placeOf(item: Id): number;
  /** The best known first: they are drawn last, and labelled first. */
  inOrder(places: Positions): Positions;
}

/** The one at hand, if it still fits. */
function dressOf(
  { items, itemList }: ItemMap,
  titles: TitleList | null,
  colouring: ReturnType<typeof colourChoice>,
  atHand: Dress | null,
): Dress {
  const of = [items, itemList, titles, colouring.chosen()];
  if (atHand?.of.every((value, i) => value === of[i])) return atHand;
  const genres = genresToColour(itemList, titles);
  colouring.offer(genres.length > 0);
  const by = colouring.chosen();
  const { ranked, order } = bestKnown(items, itemList);
  const places = new Map(ranked.map((item, place) => [item, place]));
  const names = by === 'genre' ? [...genres, 'other'] : ['least rated', '', 'middle', '', 'most rated'];
  const palette = by === 'genre' ? [...genres.map((_, i) => `genre${i}`), 'other'] : names.map((_, i) => `rank${i}`);
  const colourOf = (item: Id, rank: number) => {
    if (by === 'popularity') return Math.floor((1 - rank / ranked.length) * 4.999);
    const place = genreIndex(item, genres, itemList, titles);
    return place < 0 ? genres.length : place;
  };
  return {
    of: [items, itemList, titles, by],
    colours: Uint8Array.from(ranked, colourOf),
    palette,
    legend: legendOf(names, palette, by),
    itemAt: (place) => ranked[place],
    placeOf: (item) => places.get(item) ?? -1,
    inOrder(all) {
      const ordered = new Float64Array(2 * order.length);
      for (let place = 0; place < order.length; place++) {
        ordered[2 * place] = all[2 * order[place]!]!;
        ordered[2 * place + 1] = all[2 * order[place]! + 1]!;
      }
      return ordered;
    },
  };
}

/** Those that are drawn, and where each is among all items. */
function bestKnown(items: readonly Id[], itemList: ItemList): { ranked: Id[]; order: Int32Array } {
  const best = itemList.items.slice(0, mostDots);
  const rank = new Map(best.map((item, place) => [item, place]));
  const found = new Int32Array(best.length).fill(-1);
  for (const [i, item] of items.entries()) {
    const place = rank.get(item);
    if (place !== undefined) found[place] = i;
  }
  return { ranked: best.filter((_, place) => found[place]! >= 0), order: found.filter((i) => i >= 0) };
}

/** Genres as they are, popularity from the most; colours in between have no name. */
function legendOf(names: readonly string[], palette: readonly string[], by: Colouring): HTMLElement[] {
  const entries = names.map((name, i) => {
    const swatch = h('span', { class: `swatch ${palette[i] === 'other' ? '' : palette[i]}` });
    return name === '' ? null : h('li', {}, swatch, name);
  });
  const shown = entries.filter((entry) => entry !== null);
  return by === 'genre' ? shown : shown.reverse();
}

function colourChoice(changed: () => void) {
  const input = (value: Colouring) => h('input', { type: 'radio', name: 'colouring', value, change: changed });
  const [genre, rank] = [input('genre'), input('popularity')];
  genre.checked = true;
  const genreLabel = h('label', {}, genre, 'Genre');
  const element = h(
    'fieldset',
    { class: 'segments' },
    h('legend', { class: 'visually-hidden' }, 'Colour by'),
    genreLabel,
    h('label', {}, rank, 'Popularity'),
  );
  let hasGenres = false;
  const offer = (there: boolean) => {
    hasGenres = there;
    element.hidden = !there;
  };
  const chosen = (): Colouring => (hasGenres && genre.checked ? 'genre' : 'popularity');
  return { element, offer, chosen };
}

/** Search, and what lies nearest to the item that is looked at. */
function sideView(store: Store, centre: (item: Id) => void) {
  const found = h('ul', { class: 'found', 'aria-label': 'Items found on the map' });
  const query = h('input', { id: 'map-search', type: 'search', autocomplete: 'off' });
  const about = h('div', { class: 'about', 'aria-live': 'polite' });
  const element = h(
    'div',
    { class: 'map-side' },
    h('div', { class: 'search' }, h('label', { for: 'map-search' }, 'Find an item on the map'), query),
    found,
    about,
  );
  const go = (item: Id) => {
    query.value = '';
    replace(found);
    selectOnMap(store, item);
    centre(item);
  };
  const link = (item: Id, after: string) => {
    const { map, titles } = store.state;
    const { title, genres } = nameOf(item, map!.itemList, titles);
    const name = h('span', { class: 'name' }, title, genres && h('small', {}, genres));
    return h(
      'li',
      {},
      h('button', { type: 'button', class: 'plain', click: () => go(item) }, name, after && h('span', {}, after)),
    );
  };
  const lookFor = async (asked: string) => {
    const { map, titles } = store.state;
    try {
      const items = map && asked.trim() !== '' ? await searchItems(map.itemList, titles, asked, 6) : [];
      if (asked === query.value) replace(found, ...items.map((item) => link(item, '')));
    } catch (error) {
      problemAt(store, 'see', problemOf(error));
    }
  };
  query.addEventListener('input', () => void lookFor(query.value));
  query.addEventListener('keydown', async (event) => {
    if (event.key !== 'Enter') return;
    await lookFor(query.value);
    found.querySelector('button')?.click();
  });
  /** Draws what lies near, and tells which items that are. */
  const show = (item: Id | null): Id[] => {
    const { map, model, titles } = store.state;
    if (item === null || !map) {
      replace(about, h('p', { class: 'small' }, 'Click an item, or find one, to see what lies nearest.'));
      return [];
    }
    const name = nameOf(item, map.itemList, titles);
    const near = model?.itemList === map.itemList ? model.model.similarItems(item, { n: neighbours }) : [];
    replace(
      about,
      h('h4', {}, name.title),
      name.genres !== '' && h('p', { class: 'small' }, name.genres),
      near.length > 0 && h('p', { class: 'small' }, 'Nearest by the cosine of all factors:'),
      h('ol', { class: 'near' }, ...near.map(({ item: other, score }) => link(other, decimals(score, 2)))),
      h('button', { type: 'button', class: 'quiet', click: () => selectOnMap(store, null) }, 'Look at all again'),
    );
    return near.map((each) => each.item);
  };
  return { element, show };
}

function tableView(store: Store): HTMLElement {
  const body = h('tbody');
  const note = h('p', { class: 'small' });
  const element = h(
    'details',
    { class: 'same' },
    h('summary', {}, 'The same as a table'),
    note,
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Items and their places on the map' },
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
    const places = new Map(map.items.map((item, index) => [item, pointAt(map.positions, index)]));
    const shown = map.itemList.items.filter((item) => places.has(item)).slice(0, tableRows);
    note.textContent = `The ${count(shown.length)} best known of ${counted(map.items.length, 'item')}.`;
    replace(
      body,
      ...shown.map((item) => {
        const { title, genres } = nameOf(item, map.itemList, titles);
        const { x, y } = places.get(item)!;
        return h(
          'tr',
          {},
          h('th', { scope: 'row' }, title),
          ...[genres, exact(x, 3), exact(y, 3)].map((text) => h('td', {}, text)),
        );
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
