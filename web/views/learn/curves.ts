import type { EpochReport } from 'matfac';
import { h } from '../../base/dom.js';
import { whenNear } from '../parts/near.js';
import type { Column, CurvePlot, Data } from './curve-plot.js';
import { bestEpoch, type Figure, figureOf } from './run-figures.js';

/** The curves of one run and, paler, of another. The caption has the values at the pointer, or of the last epoch. */
export class Curves {
  readonly element: HTMLElement;
  readonly #caption = new Caption();
  #plot: CurvePlot | null = null;
  #data: Data = [[], [], [], [], []];
  #best: number | null = null;

  constructor() {
    const box = h('div', { class: 'chart' });
    this.element = h('figure', { class: 'curves' }, this.#caption.element, box);
    // Most visitors rate after a first training and never look at its curves.
    whenNear(box, async () => {
      const { CurvePlot } = await import('./curve-plot.js');
      this.#plot = new CurvePlot(box, (index) => this.#caption.read(index));
      this.#plot.show(this.#data, this.#best);
    });
  }

  show(reports: readonly EpochReport[], others: readonly EpochReport[]): void {
    const figure = figureOf(reports.length > 0 ? reports : others);
    const epochs = Math.max(reports.length, others.length);
    const column = (from: readonly EpochReport[], pick: (report: EpochReport) => number | undefined): Column =>
      Array.from({ length: epochs }, (_, i) => (from[i] && pick(from[i])) ?? null);
    this.#data = [
      Array.from({ length: epochs }, (_, i) => i + 1),
      column(reports, figure.training),
      column(reports, figure.validation),
      column(others, figure.training),
      column(others, figure.validation),
    ];
    this.#best = bestEpoch(reports)?.epoch ?? null;
    const [, ...columns] = this.#data;
    // A baseline has no curve.
    this.element.hidden = !columns.some(hasValues);
    this.#caption.set(figure, this.#data, reports.length - 1);
    this.#plot?.show(this.#data, this.#best);
  }
}

/** The values of one epoch, which also serve as the legend. */
class Caption {
  readonly element: HTMLElement;
  readonly #title = h('strong');
  readonly #epoch = h('span');
  readonly #training = h('span', { class: 'training' });
  readonly #validation = h('span', { class: 'validation' });
  readonly #compared = h('span', { class: 'other' });
  #figure: Figure = figureOf([]);
  #data: Data = [[], [], [], [], []];
  #last = -1;

  constructor() {
    this.element = h('figcaption', {}, this.#title, this.#epoch, this.#training, this.#validation, this.#compared);
  }

  set(figure: Figure, data: Data, last: number): void {
    this.#figure = figure;
    this.#data = data;
    this.#last = last;
    this.#title.textContent = figure.title;
    this.read(null);
  }

  /** `index` of an epoch; the last epoch if there is none. */
  read(index: number | null): void {
    const i = index ?? this.#last;
    const [epochs, training, validation, otherTraining, otherValidation] = this.#data;
    this.#epoch.textContent = epochs.length === 0 ? '' : `epoch ${epochs[i]}`;
    this.#write(this.#training, 'training', training, i);
    this.#write(this.#validation, 'validation', validation, i);
    const compared = hasValues(otherValidation) ? otherValidation : otherTraining;
    const end = compared.findLastIndex((value) => value !== null);
    this.#write(this.#compared, 'compared', compared, Math.min(i, end));
  }

  #write(span: HTMLElement, name: string, column: Column, i: number): void {
    const value = column[i];
    span.textContent = `${name} ${value === null || value === undefined ? '–' : this.#figure.write(value)}`;
    span.hidden = !hasValues(column);
  }
}

const hasValues = (column: Column): boolean => column.some((value) => value !== null);
