import '../../styles/mathematics.css';
import { changeWalk, startWalk } from '../../actions/take-steps.js';
import { h, replace } from '../../base/dom.js';
import { errors, films, people, predictions } from '../../compute/descent.js';
import type { Store } from '../../state/store.js';
import { arithmeticView } from './arithmetic.js';
import { controls } from './controls.js';
import { lossOf } from './loss-line.js';
import { hat, math, mi, mo, row, sub } from './mathml.js';
import { errorTable, factorTable, ratingTable } from './matrix-table.js';

/** R, U, V and E of a small matrix beside each other, and the steps of four methods with every sum written out. */
export function mathematicsView(root: HTMLElement, store: Store): void {
  const ratings = ratingTable('the ratings, and small: what is predicted in the gaps', (chosen) =>
    changeWalk(store, { chosen }),
  );
  const users = factorTable('u', 'a row for each person');
  const items = factorTable('v', 'a row for each film');
  const errorsOf = errorTable('= U Vᵀ − R: the errors');
  const tables = [ratings, users, items, errorsOf];
  const cells = new Map(tables.flatMap((table) => [...table.cells]));
  let lit: readonly string[] = [];
  const light = (keys: readonly string[]) => {
    for (const key of lit) cells.get(key)?.classList.remove('lit');
    for (const key of keys) cells.get(key)?.classList.add('lit');
    lit = keys;
  };
  const arithmetic = arithmeticView(light);
  const loss = h('div', { class: 'loss' });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  replace(
    root,
    introduction(),
    controls(store),
    problem,
    h('div', { class: 'matrices' }, ...tables.map(({ element }) => element)),
    h('div', { class: 'below' }, arithmetic.element, loss),
  );
  store.watch(
    ({ walk }) => [walk],
    (walk) => {
      if (!walk) return;
      const { factors, chosen } = walk;
      ratings.show(predictions(factors), chosen);
      users.show(factors, chosen);
      items.show(factors, chosen);
      errorsOf.show(errors(factors), chosen);
      arithmetic.show(walk);
      replace(loss, ...lossOf(walk));
      problem.hidden = !walk.diverged;
      problem.textContent = walk.diverged
        ? `With a learning rate of ${walk.learningRate} the steps diverge. Choose a smaller one.`
        : '';
    },
  );
  void startWalk(store, 'batch');
}

function introduction(): HTMLElement {
  const estimate = () => row(sub(hat('r'), 'nm'));
  return h(
    'p',
    { class: 'words' },
    `${people.length} people rated some of ${films.length} films. The prediction `,
    math(estimate(), mo('='), sub(mi('u'), 'n'), mo('·'), sub(mi('v'), 'm')),
    ' multiplies a row of U and a row of V. An error ',
    math(sub(mi('e'), 'nm'), mo('='), estimate(), mo('−'), sub(mi('r'), 'nm')),
    ' above 0 means that the prediction is too high. Choose a pair in R, and point at a term to see where its numbers ' +
      'come from. Every number is the library’s, or is tested against it.',
  );
}
