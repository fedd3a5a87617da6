/** The figures of a training run. */
import type { EpochReport } from 'matfac';
import { decimals, rough } from '../../base/format.js';

/** What the curves can show: the first of these that the reports contain. */
const figures = [
  {
    title: 'Root mean squared error',
    training: ({ trainRmse }: EpochReport) => trainRmse,
    validation: ({ validationRmse }: EpochReport) => validationRmse,
    best: Math.min,
    write: (value: number) => decimals(value, 4),
  },
  {
    title: 'NDCG of the top ten; higher is better',
    training: () => undefined,
    validation: ({ validationNdcg }: EpochReport) => validationNdcg,
    best: Math.max,
    write: (value: number) => decimals(value, 4),
  },
  {
    title: 'Loss',
    training: ({ loss }: EpochReport) => loss,
    validation: () => undefined,
    best: Math.min,
    write: rough,
  },
] as const;

export type Figure = (typeof figures)[number];

export const figureOf = (reports: readonly EpochReport[]): Figure =>
  figures.find(({ training, validation }) => reports.some((report) => training(report) ?? validation(report))) ??
  figures[0];

/** The best epoch by its validation value, counted from 1; null without validation. */
export function bestEpoch(reports: readonly EpochReport[]): { epoch: number; value: number } | null {
  const { validation, best } = figureOf(reports);
  let found: { epoch: number; value: number } | null = null;
  for (const report of reports) {
    const value = validation(report);
    if (value === undefined) continue;
    if (!found || (value !== found.value && best(value, found.value) === value)) found = { epoch: report.epoch, value };
  }
  return found;
}
