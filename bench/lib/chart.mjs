// One SVG per chart, on white so that it is legible on any page.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

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
      ...(few && { ticks, tickFormat: (/** @type {number} */ t) => `${t}` }),
    },
    y: { label: null, type: logY ? 'log' : 'linear', grid: true, ...(!logY && { zero: true }) },
    marks,
  });
}

/**
 * Bars in groups.
 * @param {{title: string, bars: {group: string, bar: string, y: number}[]}} figure
 * @returns {string} SVG
 */
export function barChart({ title, bars }) {
  return drawn(title, {
    x: { axis: null, domain: [...new Set(bars.map(({ bar }) => bar))] },
    fx: { label: null, domain: [...new Set(bars.map(({ group }) => group))] },
    y: { label: null, grid: true },
    color: { legend: false, domain: [...new Set(bars.map(({ bar }) => bar))] },
    marks: [
      Plot.barY(bars, { fx: 'group', x: 'bar', y: 'y', fill: 'bar' }),
      Plot.text(bars, { fx: 'group', x: 'bar', y: 'y', text: ({ y: height }) => short(height), dy: -6, fontSize: 9 }),
      Plot.text(bars, { fx: 'group', x: 'bar', y: 0, text: 'bar', dy: 8, fontSize: 8 }),
      Plot.ruleY([0]),
    ],
  });
}

/** @param {number} value */
function short(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** @param {string} title @param {Plot.PlotOptions} options */
function drawn(title, options) {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const style = { background: 'white', color: '#222' };
  const plot = Plot.plot({
    document,
    width: 760,
    height: 420,
    marginTop: 48,
    marginRight: 150,
    marginLeft: 56,
    marginBottom: 44,
    style,
    ...options,
  });
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const heading = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  for (const [name, value] of Object.entries({
    x: 16,
    y: 20,
    'text-anchor': 'start',
    'font-size': 14,
    'font-weight': 600,
  })) {
    heading.setAttribute(name, `${value}`);
  }
  heading.textContent = title;
  plot.append(heading);
  return plot.outerHTML;
}
