import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { LiveCode } from './live-code.js';
import { SolverFigure } from './solver-figure.js';
import { SolverOptions } from './solver-options.js';
import './colours.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('LiveCode', LiveCode);
    app.component('SolverFigure', SolverFigure);
    app.component('SolverOptions', SolverOptions);
  },
} satisfies Theme;
