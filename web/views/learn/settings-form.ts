import { DEFAULTS, type Solver } from 'matfac';
import {
  cancelTraining,
  isUnderWay,
  pauseTraining,
  resetTraining,
  resumeTraining,
  startTraining,
  stepTraining,
} from '../../actions/train-model.js';
import { h, replace } from '../../base/dom.js';
import { plain } from '../../base/format.js';
import { type Setting, settings } from '../../settings/setting-list.js';
import type { Settings, SettingValue } from '../../settings/settings.js';
import { settingsFor, solverGroups, solvers } from '../../settings/solvers.js';
import type { Run } from '../../state/state.js';
import type { Store } from '../../state/store.js';
import { problemView } from '../parts/problem-box.js';

export function settingsView(root: HTMLElement, store: Store): void {
  const form = h(
    'form',
    {
      novalidate: true,
      submit: (event) => event.preventDefault(),
      keydown: (event) => {
        const isField = event.target instanceof HTMLInputElement && event.target.type === 'number';
        if (isField && (event as KeyboardEvent).key === 'Enter') void startTraining(store);
      },
    },
    solverField(store),
    h(
      'div',
      { class: 'fields' },
      ...settings.filter(({ isFine }) => !isFine).map((setting) => field(store, setting)),
      validationField(store),
    ),
    fineSettings(store),
    problemView(store, 'learn'),
    buttons(store),
  );
  replace(root, form);
}

/** Collapsed until one of them is set, here, by the address or by a search. */
function fineSettings(store: Store): HTMLElement {
  const fine = settings.filter(({ isFine }) => isFine);
  const element = h(
    'details',
    { class: 'fine' },
    h('summary', {}, 'More settings'),
    h('div', { class: 'fields' }, ...fine.map((setting) => field(store, setting))),
  );
  store.watch(
    (state) => [state.settings],
    ({ solver, values }) => {
      const start = solvers[solver].values;
      const isSet = ({ name, fits }: Setting) =>
        fits.includes(solver) && name in values && values[name] !== start[name];
      if (fine.some(isSet)) element.open = true;
    },
  );
  return element;
}

const change = (store: Store, part: Partial<Settings>) => store.set({ settings: { ...store.state.settings, ...part } });

/** What a setting is, or what the library takes where it is not set. */
const chosenOf = ({ solver, values }: Settings, name: Setting['name']): SettingValue | undefined =>
  values[name] ?? (name === 'threads' ? 'auto' : (DEFAULTS[solver] as Settings['values'])[name]);

function setValue(store: Store, name: Setting['name'], value: SettingValue | undefined): void {
  const { [name]: _, ...others } = store.state.settings.values;
  change(store, { values: value === undefined ? others : { ...others, [name]: value } });
}

function solverField(store: Store): HTMLElement {
  const words = h('small', { id: 'solver-words' });
  const select = h(
    'select',
    { id: 'solver', 'aria-describedby': 'solver-words' },
    ...solverGroups.map((group) =>
      h(
        'optgroup',
        { label: group.title },
        ...group.solvers.map((name) => h('option', { value: name }, solvers[name].title)),
      ),
    ),
  );
  select.addEventListener('change', () => {
    store.set({ settings: settingsFor(select.value as Solver, store.state.settings.validation) });
  });
  store.watch(
    (state) => [state.settings.solver],
    (solver) => {
      select.value = solver;
      words.textContent = solvers[solver].words;
    },
  );
  return h('div', { class: 'field solver' }, h('label', { for: 'solver' }, 'Solver'), select, words);
}

/** A field with its label and a short description. */
function field(store: Store, setting: Setting): HTMLElement {
  const { name, label, words, fits } = setting;
  const id = `setting-${name}`;
  const control = setting.number
    ? numberInput(store, setting, id)
    : setting.choices
      ? choiceInput(store, setting, id)
      : flagInput(store, setting, id);
  const element = h(
    'div',
    { class: setting.number || setting.choices ? 'field' : 'field flag' },
    h('label', { for: id }, label),
    control,
    h('small', { id: `${id}-words` }, words),
  );
  store.watch(
    (state) => [state.settings.solver, state.settings.validation > 0],
    (solver, validates) => {
      element.hidden = !fits.includes(solver) || (name === 'patience' && !validates);
    },
  );
  return element;
}

function numberInput(store: Store, { name, number }: Setting, id: string): HTMLElement {
  const input = h('input', {
    id,
    type: 'number',
    inputmode: 'decimal',
    ...number,
    placeholder: 'Default',
    'aria-describedby': `${id}-words`,
    input: () =>
      setValue(store, name, input.value === '' && !input.validity.badInput ? undefined : input.valueAsNumber),
  });
  store.watch(
    (state) => [state.settings.values[name], state.settings.solver],
    (value, _solver) => {
      // Leaves partial input alone, such as 0.0 on the way to 0.05.
      if (value === undefined) input.value = '';
      else if (input.valueAsNumber !== value && !Number.isNaN(value)) input.value = String(value);
    },
  );
  return input;
}

function choiceInput(store: Store, { name, choices }: Setting, id: string): HTMLElement {
  const offered = choices ?? [];
  const select = h(
    'select',
    { id, 'aria-describedby': `${id}-words` },
    ...offered.map(([value, label]) => h('option', { value: String(value) }, label)),
  );
  select.addEventListener('change', () => setValue(store, name, offered[select.selectedIndex]![0]));
  store.watch(
    (state) => [chosenOf(state.settings, name)],
    (value) => {
      select.value = String(value ?? offered[0]?.[0]);
    },
  );
  return select;
}

function flagInput(store: Store, { name }: Setting, id: string): HTMLElement {
  const input = h('input', {
    id,
    type: 'checkbox',
    'aria-describedby': `${id}-words`,
    change: () => setValue(store, name, input.checked),
  });
  store.watch(
    (state) => [chosenOf(state.settings, name)],
    (value) => {
      input.checked = value === true;
    },
  );
  return input;
}

function validationField(store: Store): HTMLElement {
  const shares = [0, 0.05, 0.1, 0.2, 0.3];
  const select = h(
    'select',
    { id: 'setting-validation', 'aria-describedby': 'setting-validation-words' },
    ...shares.map((share) => h('option', { value: share }, share === 0 ? 'None' : `${plain(share * 100)}%`)),
  );
  select.addEventListener('change', () => change(store, { validation: Number(select.value) }));
  store.watch(
    (state) => [state.settings.validation],
    (share) => {
      // The address may set any share.
      if (!shares.includes(share) && select.options.length === shares.length) {
        select.append(h('option', { value: share }, `${plain(share * 100)}%`));
      }
      select.value = String(share);
    },
  );
  return h(
    'div',
    { class: 'field' },
    h('label', { for: 'setting-validation' }, 'Validation share'),
    select,
    h('small', { id: 'setting-validation-words' }, 'Held out, to evaluate the model on ratings it has not seen.'),
  );
}

/** One button starts, pauses and resumes, so that the focus stays on it. */
function buttons(store: Store): HTMLElement {
  const button = (label: string, click: () => void, kind = '') =>
    h('button', { type: 'button', class: kind, click }, label);
  const main = button('Start training', () => void press(store), 'primary');
  const step = button('Step one epoch', () => void stepTraining(store));
  const cancel = button('Cancel', cancelTraining);
  const reset = button('Reset', () => resetTraining(store), 'quiet');
  const hint = h('small', {}, 'Choose ratings first.');
  const enable = (element: HTMLElement, on: boolean) => element.setAttribute('aria-disabled', String(!on));
  store.watch(
    ({ data, run }) => [data, run?.status],
    (data, status) => {
      const { run } = store.state;
      main.textContent = labelFor(status);
      // With aria-disabled, a button that was just pressed keeps the focus.
      enable(main, data !== null);
      enable(step, data !== null && status !== 'running');
      enable(cancel, isUnderWay(run));
      enable(reset, run !== null);
      hint.hidden = data !== null;
    },
  );
  const said = h('small', { role: 'status' });
  const share = button('Share these settings', () => void shareSettings(said), 'quiet');
  return h(
    'div',
    { class: 'actions' },
    h('div', { class: 'buttons' }, main, step, cancel, hint),
    h('div', { class: 'buttons' }, reset, share, said),
  );
}

/** The address has the settings. */
async function shareSettings(said: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = 'The link with these settings is copied.';
  } catch {
    said.textContent = 'The address of this page has these settings: copy it.';
  }
}

function labelFor(status: Run['status'] | undefined): string {
  if (status === 'running') return 'Pause';
  return status === 'paused' ? 'Resume' : 'Start training';
}

function press(store: Store): Promise<void> | void {
  const status = store.state.run?.status;
  if (status === 'running') return pauseTraining(store);
  if (status === 'paused') return resumeTraining(store);
  return startTraining(store);
}
