import { h } from '../../base/dom.js';

/** A button that opens the file dialogue; a real file input underneath, so that keyboard and screen reader know it. */
export function picker(label: string, take: (file: File) => void): HTMLElement {
  const input = h('input', {
    type: 'file',
    class: 'visually-hidden',
    change: () => {
      const file = input.files?.[0];
      // The same file may be chosen again, corrected.
      input.value = '';
      if (file) take(file);
    },
  });
  return h('label', { class: 'button' }, input, label);
}
