import type { Id } from 'matfac';
import { problemOf } from '../../actions/problem-of.js';
import { selectOnMap } from '../../actions/update-map.js';
import { h, replace } from '../../base/dom.js';
import { decimals } from '../../base/format.js';
import { searchItems } from '../../items/item-search.js';
import { nameOf } from '../../items/titles.js';
import { problemAt, type Store } from '../../state/store.js';

/** How many of the nearest items are listed. */
const listed = 8;

/** Beside the map: a search, and the items nearest to the selected one. */
export function nearestItems(store: Store, centre: (item: Id) => void) {
  const select = (item: Id) => {
    search.clear();
    selectOnMap(store, item);
    centre(item);
  };
  const search = mapSearch(store, select);
  const about = h('div', { class: 'about', 'aria-live': 'polite' });
  const element = h('div', { class: 'map-side' }, ...search.elements, about);
  /** Draws the items nearest to `item`, and returns them; without one, those recommended or best known. */
  const show = (item: Id | null, recommended: readonly Id[]): Id[] => {
    const { map, model, titles } = store.state;
    if (item === null || !map) {
      const offered = recommended.length > 0 ? recommended : (map?.itemList.items ?? []);
      replace(
        about,
        h('p', { class: 'small' }, 'Choose an item to see its nearest neighbours.'),
        h('p', { class: 'offered' }, recommended.length > 0 ? 'Recommended to you, ringed:' : 'The best known:'),
        h('ol', {}, ...offered.slice(0, listed).map((each) => link(store, each, select))),
      );
      return [];
    }
    const { title, genres } = nameOf(item, map.itemList, titles);
    const near = model?.itemList === map.itemList ? model.model.similarItems(item, { n: listed }) : [];
    replace(
      about,
      h('h4', {}, title),
      genres !== '' && h('p', { class: 'small' }, genres),
      near.length > 0 &&
        h('p', { class: 'small' }, 'Nearest, by the cosine of their vectors; those with few ratings count less:'),
      h(
        'ol',
        { class: 'near' },
        ...near.map(({ item: other, score }) => link(store, other, select, decimals(score, 2))),
      ),
      h('button', { type: 'button', class: 'quiet', click: () => selectOnMap(store, null) }, 'Clear the selection'),
    );
    return near.map((each) => each.item);
  };
  return { element, show };
}

function mapSearch(store: Store, select: (item: Id) => void) {
  const found = h('ul', { class: 'found', 'aria-label': 'Items found on the map' });
  const query = h('input', { id: 'map-search', type: 'search', autocomplete: 'off' });
  const field = h('div', { class: 'search' }, h('label', { for: 'map-search' }, 'Find an item on the map'), query);
  const search = async (text: string) => {
    const { map, titles } = store.state;
    try {
      const items = map && text.trim() !== '' ? await searchItems(map.itemList, titles, text, 6) : [];
      if (text === query.value) replace(found, ...items.map((item) => link(store, item, select)));
    } catch (error) {
      problemAt(store, 'see', problemOf(error));
    }
  };
  query.addEventListener('input', () => void search(query.value));
  query.addEventListener('keydown', async (event) => {
    if (event.key !== 'Enter') return;
    await search(query.value);
    found.querySelector('button')?.click();
  });
  const clear = () => {
    query.value = '';
    replace(found);
  };
  return { elements: [field, found], clear };
}

/** A list entry that selects the item; `note` stands at its end. */
function link(store: Store, item: Id, select: (item: Id) => void, note = ''): HTMLElement {
  const { map, titles } = store.state;
  const { title, genres } = nameOf(item, map!.itemList, titles);
  const name = h('span', { class: 'name' }, title, genres && h('small', {}, genres));
  const click = () => select(item);
  return h('li', {}, h('button', { type: 'button', class: 'plain', click }, name, note && h('span', {}, note)));
}
