/** How likely each number of stars is, as a small bar for each; loaded for a model that can tell. */
import type { RatingProbability } from 'matfac';
import { h } from '../../base/dom.js';
import { percent, plain } from '../../base/format.js';

export function likelyStars(distribution: readonly RatingProbability[]): HTMLElement {
  const largest = Math.max(...distribution.map(({ probability }) => probability));
  const words = [...distribution]
    .reverse()
    .map(({ value, probability }) => `${plain(value)} ${value === 1 ? 'star' : 'stars'}: ${percent(probability)}`)
    .join(', ');
  const bars = distribution.map(({ probability }) => {
    const bar = h('span');
    bar.style.setProperty('--share', String(probability / largest));
    return bar;
  });
  return h('span', { class: 'likely', role: 'img', 'aria-label': words, title: words }, ...bars);
}
