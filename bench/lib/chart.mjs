// One SVG per chart, on a ground of its own: light or dark as the page is that shows it.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { inBothSchemes, LIGHT } from './chart-colours.mjs';

/** Decimals as they are, thousands with commas: the default would write 0.98 as 980m. */
const NUMBERS = ',~r';

const WIDTH = 760;
const TOP = 48;
/** Where the names of lines and bars begin. */
const RIGHT = WIDTH - 140;
/** Of a line, in pixels. */
const NAME = { width: 80, height: 12 };

/**
 * Lines of points, named at their ends.
 * @param {{title: string, x: string, logX?: boolean, logY?: boolean, points: {x: number, y: number, line: string}[]}} figure
 * @returns {string} SVG
 */
export function lineChart({ title, x, logX = false, logY = false, points }) {
  const ends = [...new Map(points.map((point) => [point.line, point])).values()];
  const ticks = [...new Set(points.map((point) => point.x))];
  const marks = [
    Plot.lineY(points, { x: 'x', y: 'y', stroke: 'line', marker: 'dot' }),
    Plot.text(ends, { x: 'x', y: 'y', text: 'line', fill: 'line', dx: 8, textAnchor: 'start' }),
  ];
  const few = ticks.length <= 8;
  return drawn(title, {
    x: {
      label: x,
      type: logX ? 'log' : 'linear',
      tickFormat: few ? (/** @type {number} */ t) => t.toLocaleString('en') : NUMBERS,
      ...(few && { ticks }),
    },
    y: { label: null, type: logY ? 'log' : 'linear', grid: true, tickFormat: NUMBERS, ...(!logY && { zero: true }) },
    color: { range: LIGHT },
    marks,
  });
}

/**
 * Bars in groups.
 * @param {{title: string, bars: {group: string, bar: string, y: number}[]}} figure
 * @returns {string} SVG
 */
export function barChart({ title, bars }) {
  const domain = [...new Set(bars.map(({ bar }) => bar))];
  const upright = bars.length > 12 ? { rotate: -90, textAnchor: /** @type {const} */ ('start') } : {};
  const values = { fx: 'group', x: 'bar', y: 'y', text: ({ y = 0 }) => short(y), dy: -6, fontSize: 9, ...upright };
  const key = domain.flatMap((bar, i) => [
    drawnElement('rect', { x: RIGHT, y: TOP + 22 * i, width: 12, height: 12, fill: LIGHT[i] ?? '' }),
    drawnElement('text', { x: RIGHT + 18, y: TOP + 10 + 22 * i, 'text-anchor': 'start', 'font-size': 11 }, bar),
  ]);
  return drawn(
    title,
    {
      x: { axis: null, domain },
      fx: { label: null, domain: [...new Set(bars.map(({ group }) => group))] },
      y: { label: null, grid: true },
      color: { legend: false, domain, range: LIGHT },
      marks: [
        Plot.barY(bars, { fx: 'group', x: 'bar', y: 'y', fill: 'bar' }),
        Plot.text(bars, values),
        Plot.ruleY([0]),
      ],
    },
    key,
  );
}

/** Three digits. @param {number} value */
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** Moves the names of lines that end close to one another apart. @param {Element} plot */
function spread(plot) {
  const placed = [...plot.querySelectorAll('[aria-label="text"] text')].map((text) => {
    const [x = 0, y = 0] = (text.getAttribute('transform') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? [];
    return { text, x, y };
  });
  placed.sort((a, b) => a.y - b.y);
  for (const [i, name] of placed.entries()) {
    for (const above of placed.slice(0, i)) {
      if (Math.abs(above.x - name.x) < NAME.width) name.y = Math.max(name.y, above.y + NAME.height);
    }
    name.text.setAttribute('transform', `translate(${name.x},${name.y})`);
  }
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function drawnElement(name, attributes, text = '') {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, `${value}`);
  element.textContent = text;
  return element;
}

/** @param {string} title @param {Plot.PlotOptions} options @param {Element[]} [key] */
function drawn(title, options, key = []) {
  const plot = Plot.plot({
    document,
    className: 'chart',
    width: WIDTH,
    height: 420,
    marginTop: TOP,
    marginRight: 150,
    marginLeft: 56,
    marginBottom: 44,
    ...options,
  });
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  plot.removeAttribute('style');
  if (key.length === 0) spread(plot);
  const heading = { x: 16, y: 20, 'text-anchor': 'start', 'font-size': 14, 'font-weight': 600 };
  plot.append(...key, drawnElement('text', heading, title), drawnElement('style', {}, inBothSchemes('.chart')));
  return plot.outerHTML;
}
