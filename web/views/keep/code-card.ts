import { h, replace } from '../../base/dom.js';
import { foldedIn } from '../../compute/recommend.js';
import { codeFor, epochsToRepeat, optionsToRepeat, type Place } from '../../settings/code.js';
import { modelInUse, rangeOf, type State, starsOf } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { copyButton } from '../parts/copy-button.js';
import { coloured } from './coloured.js';

const places: readonly { place: Place; name: string; words: string }[] = [
  { place: 'browser', name: 'Browser', words: 'With a bundler, or Vite’s development server: npm install matfac.' },
  { place: 'cdn', name: 'CDN', words: 'A page without a build: put this into an HTML file on any host.' },
  { place: 'node', name: 'Node', words: 'In a file named .mjs. The figures are those of this page, bit for bit.' },
];

/** Code that repeats what was done here, with the visitor's stars folded in, ready to copy. */
export function codeCard(store: Store): HTMLElement {
  const code = h('code');
  const words = h('p');
  let chosen = places[0]!;
  const draw = () => {
    const text = codeOf(store.state, chosen.place);
    card.hidden = text === null;
    words.textContent = chosen.words;
    replace(code, ...coloured(text ?? ''));
  };
  const tabs = tabList((place) => {
    chosen = place;
    draw();
  });
  const card = h(
    'div',
    { class: 'card code-card' },
    h('h3', {}, 'The same in your own code'),
    tabs,
    words,
    h('pre', { id: 'code', tabindex: '0', role: 'tabpanel', 'aria-label': 'Code' }, code),
    copyButton('Copy the code', code),
  );
  store.watch(
    (state) => [state.model, state.data, starsOf(state, modelInUse(state)?.itemList ?? null)],
    (_model, _data, _stars) => draw(),
  );
  return card;
}

/** One tab is in the order of the Tab key; the arrow keys choose another. */
function tabList(choose: (place: (typeof places)[number]) => void): HTMLElement {
  const tabs = places.map(({ name }, i) =>
    h('button', { type: 'button', role: 'tab', 'aria-controls': 'code', click: () => select(i) }, name),
  );
  const mark = (chosen: number) => {
    for (const [i, tab] of tabs.entries()) {
      tab.setAttribute('aria-selected', String(i === chosen));
      tab.tabIndex = i === chosen ? 0 : -1;
    }
  };
  const select = (i: number) => {
    const chosen = (i + places.length) % places.length;
    mark(chosen);
    tabs[chosen]!.focus();
    choose(places[chosen]!);
  };
  mark(0);
  const keydown = (event: Event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[(event as KeyboardEvent).key];
    const at = tabs.indexOf(document.activeElement as HTMLButtonElement);
    if (step && at >= 0) select(at + step);
  };
  return h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Where the code runs', keydown }, ...tabs);
}

/** Null unless the model was trained here on the present ratings: an opened model does not say what it was trained on. */
function codeOf(state: State, place: Place): string | null {
  const { model, data } = state;
  const run = model?.trainedBy;
  if (!model || !data || !run || run.ratings !== data.ratings) return null;
  const repeat = {
    source: data.itemList.sample ? { sample: 'ml100k' } : { file: data.name },
    options: optionsToRepeat(model.model.options, epochsToRepeat(model.model, run.status !== 'cancelled')),
    validation: run.settings.validation,
    stars: foldedIn(model.model, starsOf(state, model.itemList), rangeOf(state)),
  };
  return codeFor(repeat, place);
}
