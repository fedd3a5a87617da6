import { checkNames, mustBe } from '../../base/checks.js';
import { invalid } from '../../base/errors.js';
import { checkSignal } from '../../base/signal.js';
import type { Solver } from '../../core/options.js';
import type { Id } from '../../ratings/ids.js';
import type { Title } from '../../ratings/title-columns.js';

/** What `readProfile` needs to know of a model; every `Model` has it. */
export interface ProfileModel {
  readonly items: readonly Id[];
  readonly solver: Solver;
  readonly ratingRange: readonly [least: number, most: number];
}

/** How `readProfile` reads a list. */
export interface ReadProfileOptions {
  /** The titles of the items, by their ids. Default: the ids of the model's items, for items that are called by their titles. */
  titles?: ReadonlyMap<Id, Title>;
  /**
   * The model that the ratings are for: only its items count, and the ratings are on its scale, or 1 for what was liked in a
   * model of implicit feedback.
   */
  model?: ProfileModel;
  /** The least and the largest rating of the result. Default: those of the model, or the list's own scale. */
  range?: readonly [least: number, most: number];
  /** The scale of the list. Default: what the service uses, or a guess, with a note. */
  scale?: readonly [least: number, most: number];
  /** Cancels the reading. */
  signal?: AbortSignal;
}

const NAMES = ['titles', 'model', 'range', 'scale', 'signal'];

/** @throws MatfacError `invalid-argument`, `aborted`. */
export function checkedProfile(options: ReadProfileOptions): ReadProfileOptions {
  checkNames('readProfile', options, NAMES);
  const { titles, model, range, scale, signal } = options;
  if (titles === undefined && model === undefined)
    throw invalid('readProfile must have titles or a model; it has neither');
  if (titles !== undefined && !(titles instanceof Map))
    throw mustBe('readProfile: titles', 'a Map of ids and titles', titles);
  if (model !== undefined && !isModel(model)) throw mustBe('readProfile: model', 'a Model', model);
  checkEnds('range', range);
  checkEnds('scale', scale);
  checkSignal('readProfile', signal);
  return options;
}

function isModel(model: unknown): boolean {
  const { items, solver, ratingRange } = (model ?? {}) as Partial<ProfileModel>;
  return Array.isArray(items) && typeof solver === 'string' && Array.isArray(ratingRange);
}

function checkEnds(name: string, ends: unknown): void {
  if (ends === undefined) return;
  const areEnds = Array.isArray(ends) && ends.length === 2 && ends.every(Number.isFinite) && ends[0] < ends[1];
  if (!areEnds)
    throw mustBe(
      `readProfile: ${name}`,
      'two numbers, the smaller one first',
      Array.isArray(ends) ? ends.join(', ') : ends,
    );
}
