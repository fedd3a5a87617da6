import { defineComponent, h, type PropType } from 'vue';
import { DEFAULTS, OPTION_RANGES, OPTION_WORDS, OPTIONS, SOLVER_OPTIONS } from '../../../bindings/js/core/catalogue.js';

type Solver = keyof typeof SOLVER_OPTIONS;
type Option = keyof typeof OPTIONS;

/** The options that a solver reads, from the catalogue of the core. */
export const SolverOptions = defineComponent({
  props: { solver: { type: String as PropType<Solver>, required: true } },
  setup({ solver }) {
    const defaults: { [option: string]: unknown } = DEFAULTS[solver];
    const head = h(
      'tr',
      ['option', 'default', 'allowed', 'what it does'].map((title) => h('th', title)),
    );
    const rows = SOLVER_OPTIONS[solver].map((option) =>
      h('tr', [
        h('td', h('code', option)),
        h('td', option in defaults ? String(defaults[option]) : 'from the data'),
        h('td', allowed(option)),
        h('td', OPTION_WORDS[option]),
      ]),
    );
    return () => h('table', { tabindex: 0 }, [h('thead', head), h('tbody', rows)]);
  },
});

function allowed(option: Option): string {
  const described = OPTIONS[option];
  if (described.kind === 'switch') return 'true or false';
  if (described.kind === 'choice') return described.choices.join(', ');
  const range: { least?: number; above?: number; most?: number } =
    option in OPTION_RANGES ? OPTION_RANGES[option as keyof typeof OPTION_RANGES] : {};
  const begin = range.above !== undefined ? `above ${range.above}` : `${range.least ?? ''}`;
  const number = described.kind === 'whole' ? 'whole, ' : '';
  return range.most === undefined
    ? `${number}${begin}${range.above === undefined ? ' or more' : ''}`
    : `${number}${begin} to ${range.most}`;
}
