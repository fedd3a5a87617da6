import type { Role } from '../../actions/choose-column.js';
import { h } from '../../base/dom.js';

const WORDS: { [role in Role]: string } = {
  user: 'Who',
  item: 'What',
  rating: 'How highly',
  timestamp: 'When',
  event: 'What happened',
};

/** A choice among the columns of a file, by their numbers; `none` is the words for no column, where that is possible. */
export function columnField(
  role: Role,
  names: readonly string[],
  column: number | null | undefined,
  { prefix = 'column', none = role === 'user' || role === 'item' ? '' : 'None' } = {},
) {
  const id = `${prefix}-${role}`;
  const select = h(
    'select',
    { id },
    none !== '' && h('option', { value: '' }, none),
    ...names.map((name, i) => h('option', { value: i }, name)),
  );
  select.value = String(column ?? '');
  return { element: h('div', { class: 'field' }, h('label', { for: id }, WORDS[role]), select), select };
}
