import { problemOf } from '../../actions/problem-of.js';
import { h, icon, replace } from '../../base/dom.js';
import { counted, decimals, exact, plain, signed } from '../../base/format.js';
import { type Reason, type Recommendation, ranksByMatch, recommendationsFor } from '../../compute/recommend.js';
import type { Stars } from '../../items/item-list.js';
import { nameOf, type TitleList } from '../../items/titles.js';
import { type CurrentModel, isOfTaking, modelInUse, rangeOf, seenOf, starsOf } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';
import { copyButton } from '../parts/copy-button.js';

export function recommendationsView(root: HTMLElement, store: Store): void {
  const origin = h('p', { class: 'origin' });
  const empty = h('p', { class: 'empty' });
  const list = h('ol', { class: 'recommendations' });
  const number = h('span');
  const columns = h('p', { class: 'columns', 'aria-hidden': 'true' }, h('span', {}, 'Because of'), number);
  const slider = diversitySlider(store);
  const note = h('p', { class: 'note' });
  const more = h('details', { class: 'numbers' }, h('summary', {}, 'What the numbers mean'), note);
  const allReasons = reasonsButton(list);
  const copy = copyButton('Copy the list', list, () => titlesIn(list));
  const below = h('div', { class: 'buttons below' }, allReasons, copy);
  replace(root, h('h3', { id: 'for-you' }, 'For you'), origin, slider, empty, columns, list, below, more);

  store.watch(
    (state) => [
      modelInUse(state),
      state.titles,
      starsOf(state, modelInUse(state)?.itemList ?? null),
      state.diversity,
      state.ownList,
    ],
    (current, titles, given, _diversity, _ownList) => {
      origin.textContent = current ? `Model: ${current.origin}` : '';
      const found = current ? recommend(store, current, given) : [];
      empty.hidden = found.length > 0;
      for (const part of [columns, slider, below, more]) part.hidden = found.length === 0;
      const byMatch = current !== null && ranksByMatch(current.model);
      number.textContent = byMatch ? 'Match' : 'Expected';
      note.textContent = noteFor(byMatch, isOfTaking(store.state), found[0]?.baseline != null);
      empty.textContent = emptyWords(store, current, given);
      replace(list, ...(current ? rows(store, found, current, titles) : []));
      void addLikelyStars([...list.children], found);
    },
  );
}

function recommend(store: Store, current: CurrentModel, given: Stars): Recommendation[] {
  try {
    const { diversity } = store.state;
    const range = rangeOf(store.state);
    const seen = seenOf(store.state, current.itemList);
    const found = recommendationsFor(current.model, given, { n: 10, diversity, range, seen });
    if (store.state.problems.rate) problemAt(store, 'rate');
    return found;
  } catch (error) {
    problemAt(store, 'rate', problemOf(error));
    return [];
  }
}

function emptyWords({ state }: Store, current: CurrentModel | null, given: Stars): string {
  if (!current) return 'Your recommendations appear here once there is a model, each with its reasons.';
  if (given.size === 0) return 'Rate an item, and ten recommendations appear here at once, each with its reasons.';
  const liked = isOfTaking(state) ? 'has none of the items that you took' : 'knows none of the items that you rated';
  return `The model ${liked}.`;
}

const noteFor = (byMatch: boolean, asTaken: boolean, hasBaseline: boolean): string =>
  (asTaken
    ? 'The match orders the list: it is high for what people take who took what you did. '
    : byMatch
      ? 'The match orders the list: it is high for what you are likely to take and to like; the stars below it are the rating ' +
        'that the model expects of you. A grey bar is an item that you did not like: it only shows what you take. '
      : 'The list goes by the expected rating. ') +
  (hasBaseline
    ? 'Your ratings add to a baseline, which depends on the item and not on your taste'
    : 'It comes from your ratings') +
  '; three of them are shown, those that you liked first.';

function rows(store: Store, found: Recommendation[], current: CurrentModel, titles: TitleList | null): HTMLElement[] {
  const asTaken = isOfTaking(store.state);
  const sizes = found.flatMap(({ reasons }) => reasons.map(({ contribution }) => Math.abs(contribution)));
  const longest = Math.max(...sizes);
  const name = (item: Recommendation['item']) => nameOf(item, current.itemList, titles);
  return found.map((recommendation) => {
    const { item, baseline, reasons } = recommendation;
    const { title, genres } = name(item);
    return h(
      'li',
      {},
      h(
        'span',
        { class: 'name' },
        h('span', { class: 'title' }, title),
        ...detailsOf(genres, baseline),
        rateButton(store, item, title, asTaken),
      ),
      scoreOf(recommendation, ranksByMatch(current.model)),
      h(
        'ul',
        { class: 'reasons', 'aria-label': `Why ${title}` },
        ...reasons.map((reason) => reasonRow(reason, name(reason.item).title, longest, asTaken)),
      ),
    );
  });
}

/** Below the score of each row. */
async function addLikelyStars(rows: Element[], found: Recommendation[]): Promise<void> {
  if (!found.some(({ distribution }) => distribution)) return;
  const { likelyStars } = await import('./likely-stars.js');
  for (const [i, { distribution }] of found.entries())
    if (distribution) rows[i]!.querySelector('.score')!.append(likelyStars(distribution));
}

/** The titles in their order, a line each. */
const titlesIn = (list: HTMLElement): string =>
  [...list.querySelectorAll('.title')].map(({ textContent }, i) => `${i + 1}. ${textContent}`).join('\n');

/** What orders the list and, below it, the expected rating and its interval. */
function scoreOf({ score, expected, interval }: Recommendation, byMatch: boolean): HTMLElement {
  const rating = expected ?? score;
  return h(
    'span',
    { class: 'score' },
    h('span', { class: 'visually-hidden' }, byMatch ? 'match ' : 'expected rating '),
    exact(byMatch ? score : rating),
    byMatch &&
      expected !== null &&
      h(
        'small',
        { class: 'expected' },
        h('span', { class: 'visually-hidden' }, ', expected rating '),
        exact(expected),
        icon('star'),
      ),
    interval && intervalView(interval),
  );
}

const intervalView = ([low, high]: readonly [number, number]) =>
  h(
    'small',
    { class: 'interval', title: 'nine out of ten ratings are in this range' },
    h('span', { class: 'visually-hidden' }, ', between '),
    `${decimals(low, 1)}–${decimals(high, 1)}`,
  );

function diversitySlider(store: Store): HTMLElement {
  const input = h('input', {
    id: 'diversity',
    type: 'range',
    min: 0,
    max: 0.9,
    step: 0.1,
    value: 0,
    input: () => store.set({ diversity: input.valueAsNumber }),
  });
  return h('div', { class: 'diversity' }, h('label', { for: 'diversity' }, 'From the best to the most diverse'), input);
}

/** On a phone, each recommendation has its first reason until the visitor wants all. */
function reasonsButton(list: HTMLElement): HTMLElement {
  const show = () => {
    const isAll = list.classList.toggle('all');
    button.setAttribute('aria-expanded', String(isAll));
    button.textContent = isAll ? 'Show the first reasons' : 'Show all reasons';
  };
  const button = h(
    'button',
    { type: 'button', class: 'quiet all-reasons', 'aria-expanded': 'false', click: show },
    'Show all reasons',
  );
  return button;
}

const detailsOf = (genres: string, baseline: number | null) => [
  h('small', {}, genres),
  baseline !== null && h('span', { class: 'parts' }, `baseline ${exact(baseline)}`),
];

/** For an item that the visitor knows: its stars come first among the items to rate. */
function rateButton(store: Store, item: Recommendation['item'], title: string, asTaken: boolean): HTMLElement {
  const name = asTaken ? 'I took it' : 'Rate it';
  const click = () => store.set({ toRate: { item } });
  return h('button', { type: 'button', class: 'rate-it', 'aria-label': `${name}: ${title}`, click }, name);
}

/** The bar points to the right if the rating speaks for the item, to the left if against it. */
function reasonRow(
  { rating, contribution, liked }: Reason,
  title: string,
  longest: number,
  asTaken: boolean,
): HTMLElement {
  const kind = contribution < 0 ? ' against' : liked ? '' : ' disliked';
  const bar = h('span', { class: `reason-bar${kind}`, 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(longest > 0 ? Math.abs(contribution) / longest : 0));
  const stars = [
    plain(rating),
    icon('star'),
    h('span', { class: 'visually-hidden' }, ` ${counted(rating, 'star').replace(/^\S+ /, '')}:`),
  ];
  return h(
    'li',
    {},
    h('span', { class: 'reason-name', title }, title),
    h('span', { class: 'reason-stars' }, ...(asTaken ? [] : stars)),
    bar,
    h('span', { class: 'reason-value' }, signed(contribution)),
  );
}
