import type { Id } from 'matfac';
import { problemOf } from '../../actions/problem-of.js';
import { clearStars, rate } from '../../actions/rate-items.js';
import { arrange, h, icon, replace } from '../../base/dom.js';
import { counted } from '../../base/format.js';
import { itemToRateNext } from '../../compute/recommend.js';
import type { ItemList, Stars } from '../../items/item-list.js';
import { finderOf, searchItems } from '../../items/item-search.js';
import { nameOf } from '../../items/titles.js';
import { currentItemList, type State, starsOf } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';
import { problemView } from '../parts/problem-box.js';
import { stars, starValues } from '../parts/star-group.js';

/** How many items are offered at a time. */
const offered = 8;

type StarGroup = ReturnType<typeof stars>;

export function rateView(root: HTMLElement, store: Store): void {
  const empty = h('p', { class: 'empty' }, 'As soon as there are ratings or a model, items to rate appear here.');
  const body = h('div', {}, nextToRate(store), offer(store), problemView(store, 'rate'), yours(store));
  replace(root, empty, body);
  store.watch(
    (state) => [currentItemList(state)],
    (itemList) => {
      empty.hidden = itemList !== null;
      body.hidden = itemList === null;
    },
  );
}

const range = ({ model, data }: State): readonly [number, number] =>
  model?.model.ratingRange ?? data?.ratings.range ?? [1, 5];

function row(store: Store, item: Id, itemList: ItemList, extra: HTMLElement | null = null) {
  const { title, genres } = nameOf(item, itemList, store.state.titles);
  const group = stars(title, starValues(range(store.state)), (rating) => rate(store, item, rating));
  const name = h('span', { class: 'name' }, h('span', { class: 'title' }, title), genres && h('small', {}, genres));
  return { group, element: h('li', {}, name, group.element, extra) };
}

/** Of a Bayesian model: the item whose rating would teach it most. */
function nextToRate(store: Store): HTMLElement {
  const list = h('ul', { class: 'items', 'aria-label': 'Rate this next' });
  const box = h(
    'div',
    { class: 'next' },
    h('strong', {}, 'Rate this next'),
    ' ',
    h('small', {}, 'the model is least sure of you here'),
    list,
  );
  store.watch(
    (state) => [state.model, state.titles, starsOf(state, state.model?.itemList ?? null)],
    (current, _titles, given) => {
      const item = current && itemToRateNext(current.model, current.itemList, given);
      box.hidden = item === null;
      replace(list, current && item !== null && row(store, item, current.itemList).element);
    },
  );
  return box;
}

/** Items to rate: popular ones, or those searched for. They stay in place while they are rated. */
function offer(store: Store): HTMLElement {
  const list = h('ul', { class: 'items', 'aria-label': 'Items to rate' });
  const none = h('p', { class: 'empty' }, 'No item with these words.');
  const query = h('input', {
    id: 'search',
    type: 'search',
    autocomplete: 'off',
    focus: () => prepare(),
    input: () => void drawFound(),
  });
  const more = h('button', { type: 'button', class: 'quiet', click: () => drawPopular(next) }, 'Offer others');
  let next = 0;
  let groups = new Map<Id, StarGroup>();

  const draw = (itemList: ItemList, { shown, next: after }: Offer) => {
    next = after;
    list.removeAttribute('aria-busy');
    const rows = shown.map((item) => [item, row(store, item, itemList)] as const);
    groups = new Map(rows.map(([item, { group }]) => [item, group]));
    replace(list, ...rows.map(([, { element }]) => element));
    none.hidden = rows.length > 0;
    more.hidden = query.value.trim() !== '';
    showStars(starsOf(store.state, itemList));
  };
  const drawPopular = (start: number) => {
    const itemList = currentItemList(store.state);
    if (itemList) draw(itemList, popularItems(store.state, itemList, start));
  };
  /** What was asked may be another thing when the answer is there. */
  const drawFound = async () => {
    const asked = query.value;
    const { titles } = store.state;
    const itemList = currentItemList(store.state);
    if (!itemList || asked.trim() === '') return drawPopular(0);
    list.setAttribute('aria-busy', 'true');
    try {
      const shown = await searchItems(itemList, titles, asked, offered);
      const isStill = asked === query.value && itemList === currentItemList(store.state);
      if (isStill && titles === store.state.titles) draw(itemList, { shown, next: 0 });
    } catch (error) {
      problemAt(store, 'rate', problemOf(error));
    }
  };
  const prepare = () => {
    const itemList = currentItemList(store.state);
    // If it fails, the search says so.
    if (itemList) finderOf(itemList, store.state.titles).catch(() => {});
  };
  const showStars = (given: Stars) => {
    for (const [item, group] of groups) group.show(given.get(item));
  };
  store.watch(
    (state) => [currentItemList(state), state.titles],
    (_catalogue, _titles) => void drawFound(),
  );
  store.watch((state) => [starsOf(state, currentItemList(state))], showStars);

  return h(
    'div',
    {},
    h(
      'div',
      { class: 'search' },
      h('label', { for: 'search' }, 'Rate what you know, or search by title, genre or id'),
      query,
    ),
    list,
    none,
    more,
  );
}

/** The items to show, and where to go on for others. */
interface Offer {
  shown: readonly Id[];
  next: number;
}

function popularItems(state: State, itemList: ItemList, start: number): Offer {
  const { items } = itemList;
  const given = starsOf(state, itemList);
  const shown: Id[] = [];
  let next = start < items.length ? start : 0;
  for (; next < items.length && shown.length < offered; next++) if (!given.has(items[next]!)) shown.push(items[next]!);
  return { shown, next };
}

/** Whether a model sees little more in a few ratings than how high the visitor rates: all lie within an eighth of the range. */
function areAlike(given: readonly number[], [least, most]: readonly [number, number]): boolean {
  return given.length >= 3 && most > least && Math.max(...given) - Math.min(...given) <= (most - least) / 8;
}

/** What the visitor has rated, the latest first. */
function yours(store: Store): HTMLElement {
  const title = h('h3', {});
  const list = h('ul', { class: 'items', 'aria-labelledby': 'yours' });
  const clear = h('button', { type: 'button', class: 'quiet', click: () => clearStars(store) }, 'Remove all');
  const alike = h(
    'p',
    { class: 'empty' },
    'You gave all of these nearly the same stars. That says more of how high you rate than of what you like: rate ',
    'something very differently, too.',
  );
  title.id = 'yours';
  const down = h('a', { class: 'to-recommendations', href: '#for-you' }, 'See what is recommended ↓');
  const box = h('div', { class: 'yours' }, h('div', { class: 'heading' }, title, clear), alike, list, down);
  const rows = new Map<Id, ReturnType<typeof row>>();
  let shown: ItemList | null = null;

  store.watch(
    (state) => [currentItemList(state), state.titles, starsOf(state, currentItemList(state))],
    (itemList, titles, given) => {
      box.hidden = given.size === 0;
      alike.hidden = !areAlike([...given.values()], range(store.state));
      if (!itemList) return;
      if (shown !== itemList) rows.clear();
      shown = itemList;
      title.textContent = `Your ${counted(given.size, 'rating')}`;
      for (const [item, rating] of given) {
        if (!rows.has(item))
          rows.set(item, row(store, item, itemList, removeButton(store, item, nameOf(item, itemList, titles).title)));
        rows.get(item)?.group.show(rating);
      }
      for (const item of rows.keys()) if (!given.has(item)) rows.delete(item);
      arrange(
        list,
        [...rows.values()].reverse().map(({ element }) => element),
      );
    },
  );
  return box;
}

const removeButton = (store: Store, item: Id, title: string) =>
  h(
    'button',
    {
      type: 'button',
      class: 'quiet remove',
      'aria-label': `Remove your rating of ${title}`,
      click: () => rate(store, item, null),
    },
    icon('cross'),
  );
