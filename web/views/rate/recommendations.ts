import { problemOf } from '../../actions/problem-of.js';
import { h, icon, replace } from '../../base/dom.js';
import { decimals, exact, plain, signed } from '../../base/format.js';
import { type Reason, type Recommendation, ranksByMatch, recommendationsFor } from '../../compute/recommend.js';
import type { Stars } from '../../items/item-list.js';
import { nameOf, type TitleList } from '../../items/titles.js';
import { type CurrentModel, starsOf } from '../../state/state.js';
import { problemAt, type Store } from '../../state/store.js';

export function recommendationsView(root: HTMLElement, store: Store): void {
  const origin = h('p', { class: 'origin' });
  const empty = h('p', { class: 'empty' });
  const list = h('ol', { class: 'recommendations' });
  const number = h('span');
  const columns = h('p', { class: 'columns', 'aria-hidden': 'true' }, h('span', {}, 'What your ratings add'), number);
  const slider = diversitySlider(store);
  const note = h('p', { class: 'note' });
  replace(root, h('h3', { id: 'for-you' }, 'For you'), origin, slider, empty, columns, list, note);

  store.watch(
    (state) => [state.model, state.titles, starsOf(state, state.model?.itemList ?? null), state.diversity],
    (current, titles, given, _diversity) => {
      origin.textContent = current ? `Model: ${current.origin}` : '';
      const found = current ? recommend(store, current, given) : [];
      empty.hidden = found.length > 0;
      columns.hidden = found.length === 0;
      slider.hidden = found.length === 0;
      note.hidden = found.length === 0;
      number.textContent = found[0]?.expected == null ? 'Match' : 'Expected';
      note.textContent = current && noteFor(ranksByMatch(current.model), found[0]?.baseline != null);
      empty.textContent = emptyWords(current, given);
      replace(list, ...(current ? rows(found, current, titles) : []));
    },
  );
}

function recommend(store: Store, current: CurrentModel, given: Stars): Recommendation[] {
  try {
    const found = recommendationsFor(current.model, given, 10, store.state.diversity);
    if (store.state.problems.rate) problemAt(store, 'rate');
    return found;
  } catch (error) {
    problemAt(store, 'rate', problemOf(error));
    return [];
  }
}

function emptyWords(current: CurrentModel | null, given: Stars): string {
  if (!current) return 'Train or open a model, and your recommendations appear here.';
  if (given.size === 0) return 'Rate an item, and ten recommendations appear here at once, each with its reasons.';
  return 'The model knows none of the items that you rated.';
}

const noteFor = (byMatch: boolean, hasBaseline: boolean): string =>
  (byMatch
    ? 'The match orders the list: it is high for what you are likely to take and to like. Even a low rating can speak for ' +
      'an item, because it shows what you take. '
    : 'The list goes by the expected rating. ') +
  (hasBaseline
    ? 'Your ratings add to a baseline, which depends on the item and not on your taste'
    : 'It comes from your ratings') +
  '; the three largest contributions are shown.';

function rows(found: Recommendation[], current: CurrentModel, titles: TitleList | null): HTMLElement[] {
  const longest = Math.max(
    ...found.flatMap(({ reasons }) => reasons.map(({ contribution }) => Math.abs(contribution))),
  );
  const name = (item: Recommendation['item']) => nameOf(item, current.itemList, titles);
  const byMatch = ranksByMatch(current.model);
  return found.map(({ item, score, expected, interval, baseline, reasons }) => {
    const { title, genres } = name(item);
    const parts = [
      byMatch && expected !== null && `match ${exact(score)}`,
      baseline !== null && `baseline ${exact(baseline)}`,
    ].filter(Boolean);
    return h(
      'li',
      {},
      h('span', { class: 'name' }, h('span', { class: 'title' }, title), below(genres, parts.join(', '))),
      h(
        'span',
        { class: 'score' },
        h('span', { class: 'visually-hidden' }, expected === null ? 'match ' : 'expected rating '),
        exact(expected ?? score),
        interval && intervalView(interval),
      ),
      h(
        'ul',
        { class: 'reasons', 'aria-label': `Why ${title}` },
        ...reasons.map((reason) => reasonRow(reason, name(reason.item).title, longest)),
      ),
    );
  });
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

const below = (genres: string, parts: string) => h('small', {}, genres, parts && h('span', { class: 'parts' }, parts));

/** The bar points to the right if the rating speaks for the item, to the left if against it. */
function reasonRow({ rating, contribution }: Reason, title: string, longest: number): HTMLElement {
  const bar = h('span', { class: `reason-bar${contribution < 0 ? ' against' : ''}`, 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(Math.abs(contribution) / longest));
  return h(
    'li',
    {},
    h('span', { class: 'reason-name', title }, title),
    h(
      'span',
      { class: 'reason-stars' },
      plain(rating),
      icon('star'),
      h('span', { class: 'visually-hidden' }, ' stars:'),
    ),
    bar,
    h('span', { class: 'reason-value' }, signed(contribution)),
  );
}
