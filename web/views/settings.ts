import { cancelTraining, startTraining } from '../actions/training.js';
import { h, replace } from '../dom.js';
import { numberSettings, settingsFor, solvers } from '../solvers.js';
import { type Settings, type SolverName, type Store, solverNames } from '../state.js';
import { problemView } from './problem.js';

export function settingsView(root: HTMLElement, store: Store): void {
  const change = (part: Partial<Settings>) => store.set({ settings: { ...store.state.settings, ...part } });
  const form = h(
    'form',
    {
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        void startTraining(store);
      },
    },
    solverChoice(store),
    h('div', { class: 'fields' }, ...numberFields(store, change), validationField(store, change)),
    biasesField(store, change),
    problemView(store, 'learn'),
    buttons(store),
  );
  replace(root, form);
}

function solverChoice(store: Store): HTMLElement {
  const choice = (name: SolverName) => {
    const choose = () => store.set({ settings: settingsFor(name, store.state.settings.validation) });
    const input = h('input', { type: 'radio', name: 'solver', value: name, change: choose });
    store.watch(
      ({ settings }) => [settings.solver],
      (chosen) => (input.checked = chosen === name),
    );
    const { title, words } = solvers[name];
    return h('label', { class: 'choice' }, input, h('span', {}, h('strong', {}, title), h('small', {}, words)));
  };
  return h('fieldset', { class: 'solver' }, h('legend', {}, 'Solver'), ...solverNames.map(choice));
}

type Change = (part: Partial<Settings>) => void;

const numberFields = (store: Store, change: Change): HTMLElement[] =>
  numberSettings.map(({ name, label, words, step, min }) => {
    const id = `setting-${name}`;
    const input = h('input', {
      id,
      type: 'number',
      inputmode: 'decimal',
      step,
      min,
      'aria-describedby': `${id}-words`,
      input: () => change({ [name]: input.valueAsNumber }),
    });
    const field = h(
      'div',
      { class: 'field' },
      h('label', { for: id }, label),
      input,
      h('small', { id: `${id}-words` }, words),
    );
    store.watch(
      ({ settings }) => [settings[name], settings.solver],
      (value, solver) => {
        // What is being typed stays as it is: 0.0 on the way to 0.05.
        if (input.valueAsNumber !== value && !Number.isNaN(value)) input.value = String(value);
        field.hidden = name === 'learningRate' && solver === 'als';
      },
    );
    return field;
  });

function validationField(store: Store, change: Change): HTMLElement {
  const select = h(
    'select',
    { id: 'setting-validation', 'aria-describedby': 'setting-validation-words' },
    ...[0, 0.05, 0.1, 0.2].map((share) => h('option', { value: share }, share === 0 ? 'None' : `${share * 100} %`)),
  );
  select.addEventListener('change', () => change({ validation: Number(select.value) }));
  store.watch(
    ({ settings }) => [settings.validation],
    (share) => (select.value = String(share)),
  );
  return h(
    'div',
    { class: 'field' },
    h('label', { for: 'setting-validation' }, 'Validation share'),
    select,
    h('small', { id: 'setting-validation-words' }, 'Held out, to judge the model by ratings it has not seen.'),
  );
}

function biasesField(store: Store, change: Change): HTMLElement {
  const input = h('input', { type: 'checkbox', change: () => change({ biases: input.checked }) });
  store.watch(
    ({ settings }) => [settings.biases],
    (on) => (input.checked = on),
  );
  return h(
    'label',
    { class: 'choice' },
    input,
    h('span', {}, h('strong', {}, 'Biases'), h('small', {}, 'Learn apart who rates high and what is rated high.')),
  );
}

function buttons(store: Store): HTMLElement {
  const start = h('button', { type: 'submit', class: 'primary' }, 'Start training');
  const cancel = h('button', { type: 'button', click: cancelTraining }, 'Cancel');
  const hint = h('small', {}, 'Choose the ratings first.');
  store.watch(
    ({ data, run }) => [data, run?.status === 'running'],
    (data, running) => {
      // aria-disabled keeps the focus where it is when a button that was just pressed has no more to do.
      start.setAttribute('aria-disabled', String(!data || running));
      cancel.setAttribute('aria-disabled', String(!running));
      hint.hidden = data !== null;
    },
  );
  return h('div', { class: 'buttons' }, start, cancel, hint);
}
