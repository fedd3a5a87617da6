import { h } from '../../base/dom.js';

/** A button that opens the file dialog. It contains a real file input, for keyboards and screen readers. */
export function picker(label: string, take: (file: File) => void): HTMLElement {
  const input = h('input', {
    type: 'file',
    class: 'visually-hidden',
    change: () => {
      const file = input.files?.[0];
      // So that the same file can be chosen again after a correction.
      input.value = '';
      if (file) take(file);
    },
  });
  return h('label', { class: 'button' }, input, label);
}
