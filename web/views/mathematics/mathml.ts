/** MathML in the words of formulas: rₙₘ is sub(mi('r'), mi('nm')). */
import { exact } from '../../base/format.js';

export type Maths = Element | string;

const namespace = 'http://www.w3.org/1998/Math/MathML';

function m(tag: string, children: readonly Maths[], attributes: Readonly<Record<string, string>> = {}): Element {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const math = (...children: Maths[]): Element => m('math', children);
export const mi = (name: string): Element => m('mi', [name]);
export const mo = (operator: string): Element => m('mo', [operator]);
export const mn = (text: string): Element => m('mn', [text]);
export const row = (...children: Maths[]): Element => m('mrow', children);
const indexOf = (index: string): Element => row(...[...index].map((each) => (/\d/.test(each) ? mn(each) : mi(each))));
export const sub = (base: Element, index: string): Element => m('msub', [base, indexOf(index)]);
export const subSquared = (base: Element, index: string): Element => m('msubsup', [base, indexOf(index), mn('2')]);
export const squared = (base: Element): Element => m('msup', [base, mn('2')]);
/** An operator between two terms, of which the one before may stand outside. */
export const infix = (operator: string): Element => m('mo', [operator], { form: 'infix' });
export const fraction = (above: Element, below: Element): Element => m('mfrac', [above, below]);
export const root = (inside: Element): Element => m('msqrt', [inside]);
export const hat = (name: string): Element => m('mover', [mi(name), mo('^')], { accent: 'true' });
export const norm = (inside: Element): Element => squared(row(mo('‖'), inside, mo('‖')));

/** Σ with what it runs over below. */
export const sum = (index: string): Element => m('munder', [mo('∑'), mi(index)]);

export const number = (x: number): Element => mn(exact(x));

/** With parentheses where a product would swallow the sign. */
export const factor = (x: number): Element => (x < 0 ? row(mo('('), number(x), mo(')')) : number(x));

export const vector = (numbers: readonly number[]): Element =>
  row(mo('('), ...numbers.flatMap((x, f) => (f === 0 ? [number(x)] : [mo(','), number(x)])), mo(')'));
