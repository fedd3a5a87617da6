// The colours of the charts. Each has a contrast of at least 4.5 : 1 to its ground, because lines are named in their colour.

const GROUND = { light: '#ffffff', dark: '#191f24' };
const INK = { light: '#16211e', dark: '#e7ecea' };

/** By light colour, the dark one. */
const DARK = {
  '#0b6e5f': '#63c9b5',
  '#b04a24': '#ee9273',
  '#3f63b5': '#8fa9f0',
  '#8a6400': '#e5bd55',
  '#8a3f86': '#d690d2',
  '#4a7520': '#a3cf72',
  '#a02a1f': '#ff9c8f',
  '#1f7391': '#7cc4e0',
  '#7a5230': '#c9a58a',
  '#b03a6a': '#f08fb0',
  '#56645f': '#a0aeaa',
};

/** In the order in which lines and bars take them. */
export const LIGHT = Object.keys(DARK);

/** The rules that make a chart drawn in `LIGHT` dark where the page that shows it is dark. @param {string} chart its selector */
export function inBothSchemes(chart) {
  const ground = (/** @type {'light' | 'dark'} */ scheme) =>
    `${chart} { background: ${GROUND[scheme]}; color: ${INK[scheme]}; }`;
  const colours = Object.entries(DARK).map(
    ([light, dark]) =>
      `${chart} [fill="${light}"] { fill: ${dark}; } ${chart} [stroke="${light}"] { stroke: ${dark}; }`,
  );
  return `${ground('light')} @media (prefers-color-scheme: dark) { ${ground('dark')} ${colours.join(' ')} }`;
}
