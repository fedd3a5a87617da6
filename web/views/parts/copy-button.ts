import { h } from '../../base/dom.js';

/** A button that copies the text of an element, or selects it where the browser forbids that; it says which. */
export function copyButton(
  label: string,
  from: HTMLElement,
  text: () => string = () => from.textContent ?? '',
): HTMLElement {
  const said = h('span', { class: 'small', role: 'status' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      said.textContent = 'Copied.';
    } catch {
      getSelection()?.selectAllChildren(from);
      said.textContent = 'Selected: copy it with the keyboard.';
    }
  };
  return h('span', { class: 'buttons' }, h('button', { type: 'button', click: () => void copy() }, label), said);
}
