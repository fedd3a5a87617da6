/** Elements in one expression, with no framework. */
type Child = Node | string | number | null | undefined | false;

type Properties = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/**
 * An element: functions are listeners for the event they are named after (`click`), true and false set and leave out an
 * attribute, all else is an attribute.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  set(element, properties);
  element.append(...nodes(children));
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function svg(tag: string, properties: Properties = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(svgNamespace, tag) as SVGElement;
  set(element, properties);
  element.append(...nodes(children));
  return element;
}

/** One of the symbols in index.html; decoration only, so a name has to stand beside it. */
export const icon = (name: 'star' | 'lock' | 'cross'): SVGElement =>
  svg('svg', { class: 'icon', 'aria-hidden': 'true' }, svg('use', { href: `#${name}` }));

export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...nodes(children));
}

/** Makes these the children; those that are there already stay where they are, with their focus. */
export function arrange(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  for (const [place, child] of children.entries()) {
    const there = parent.children[place] ?? null;
    if (there !== child) parent.insertBefore(child, there);
  }
}

/** The place in index.html that a view fills. */
export function elementAt(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`The page has no ${selector}`);
  return element;
}

function nodes(children: Child[]): (Node | string)[] {
  const kept: (Node | string)[] = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    kept.push(typeof child === 'number' ? String(child) : child);
  }
  return kept;
}

function set(element: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
}
