/** What the visitor sets before training. */
import type { Solver, TrainOptions } from 'matfac';

export interface Settings {
  solver: Solver;
  /** The share of the ratings that is held out; 0 for none. */
  validation: number;
  /** Options of `train` by name; an absent one takes the library's default. */
  values: Readonly<Partial<Record<SettingName, SettingValue>>>;
}

export type SettingValue = number | boolean | string;

export type SettingName = Exclude<
  keyof TrainOptions,
  'solver' | 'validation' | 'warmStart' | 'keep' | 'worker' | 'onEpoch' | 'signal'
>;
