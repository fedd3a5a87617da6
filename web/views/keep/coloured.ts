import { h } from '../../base/dom.js';

/** Comments, texts, words of the language and numbers, in this order. */
const PARTS =
  /(\/\/.*)|('(?:\\.|[^'\\\n])*'|"[^"\n]*")|(\b(?:import|from|const|await|new|true|false|script)\b)|(\b\d[\d.e-]*\b)/g;
const KINDS = ['comment', 'string', 'word', 'number'];

/** JavaScript, with a span for each part that has a colour. */
export function coloured(code: string): (string | HTMLElement)[] {
  const found: (string | HTMLElement)[] = [];
  let end = 0;
  for (const match of code.matchAll(PARTS)) {
    const kind = KINDS[match.slice(1).findIndex((part) => part !== undefined)]!;
    found.push(code.slice(end, match.index), h('span', { class: kind }, match[0]));
    end = match.index + match[0].length;
  }
  return [...found, code.slice(end)];
}
