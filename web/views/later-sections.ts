/** The sections at the end of the page, in one script of their own: most visitors train and rate before they need them. */
export { judgeView } from './judge/comparison.js';
export { keepView } from './keep/keep.js';
export { trustView } from './page/trust.js';
