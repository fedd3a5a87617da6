/**
 * The page's one state, and the one way it flows: a view calls an action, the action sets the state, the views that
 * show what changed draw it again. No view keeps anything of its own but what the visitor is typing.
 */
import type { ColumnChoice, Engine, EpochReport, Id, Metrics, Model, Ratings, Trial } from 'matfac';
import type { Factors, Pair } from '../compute/descent.js';
import type { Places } from '../compute/map-geometry.js';
import type { Settings } from '../settings/settings.js';
import type { Searchable } from '../settings/spaces.js';

export interface Title {
  title: string;
  genres?: string[];
}

/** The items that one may rate. A model and the ratings it was trained on share one, and so do a visitor's stars. */
export interface Catalogue {
  /** Best known first. */
  items: Id[];
  sample: boolean;
  /** Those that came with the ratings: the sample's, or of the same zip archive. */
  titles: ReadonlyMap<Id, Title> | null;
}

export interface Data {
  ratings: Ratings;
  name: string;
  catalogue: Catalogue;
  /** What it was read from and how, to read it again in another way; null for what was made here. */
  file: File | null;
  manner?: { badRows?: 'error' | 'skip'; columns?: ColumnChoice };
}

export interface Reading {
  name: string;
  bytes: number;
  totalBytes: number | undefined;
  rows: number;
}

export interface TitleList {
  name: string;
  byId: ReadonlyMap<Id, Title>;
}

export interface Run {
  settings: Settings;
  ratings: Ratings;
  ratingsName: string;
  reports: readonly EpochReport[];
  status: 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
  /** The build and the threads it learns with, as soon as they are known. */
  engine: Engine | null;
}

export interface CurrentModel {
  model: Model;
  catalogue: Catalogue;
  /** Where it comes from, in words: “Sample, 20 epochs of als”. */
  origin: string;
  /** The run that it came of; none when it was opened. */
  trainedBy?: Run | null;
}

/** The visitor's stars, in the order they were given. */
export type Stars = ReadonlyMap<Id, number>;

/** The walk down the loss of the small matrix. */
export interface Walk {
  method: 'batch' | 'stochastic';
  learningRate: number;
  /** Where the library drew the factors, and where its steps have led. */
  model: Model;
  factors: Factors;
  /** Before the first step, and after each. */
  losses: readonly number[];
  /** The pair that is written out; the next that a stochastic step is taken on. */
  chosen: Pair;
  /** The pairs that this pass has still to visit. */
  ahead: readonly Pair[];
  pass: number;
}

/** Where the items are, by a model or by the epochs done of a training. */
export interface ItemMap {
  items: readonly Id[];
  /** By the order of the items. */
  places: Places;
  catalogue: Catalogue;
  /** Of the training under way; null when the model is at rest. */
  epoch: number | null;
}

/** One of those that are judged side by side; a baseline of ranking predicts no ratings, and has no RMSE. */
export interface Judged {
  name: string;
  words: string;
  metrics: Partial<Metrics>;
  seconds: number;
}

export interface Judgement {
  ratingsName: string;
  rows: readonly Judged[];
  /** Who is trained or judged now; null when all are done. */
  now: string | null;
}

export interface Searching {
  solver: Searchable;
  trials: readonly Trial[];
  best: Trial | null;
  done: number;
  total: number;
  status: 'running' | 'done' | 'cancelled';
}

/** Where on the page a problem is told: a section, or the titles within the first. */
export type Place = 'start' | 'titles' | 'learn' | 'see' | 'rate' | 'judge' | 'leave';

export interface Problem {
  message: string;
  /** A way out, offered as a button. */
  remedy?: { label: string; take: () => void };
}

export interface State {
  data: Data | null;
  reading: Reading | null;
  titles: TitleList | null;
  settings: Settings;
  run: Run | null;
  /** The runs before it, the latest first. */
  earlierRuns: readonly Run[];
  /** The one of them on the chart beside the run. */
  comparedRun: Run | null;
  model: CurrentModel | null;
  stars: ReadonlyMap<Catalogue, Stars>;
  walk: Walk | null;
  map: ItemMap | null;
  judgement: Judgement | null;
  searching: Searching | null;
  /** Whether a model is kept in this browser. */
  kept: boolean;
  /** 0 for the best alone, 1 for the most different: as `recommend` has it. */
  diversity: number;
  /** The item that is looked at on the map. */
  mapItem: Id | null;
  problems: Readonly<Partial<Record<Place, Problem>>>;
  /** Whether the page's files are kept for when there is no network. */
  offline: 'waiting' | 'kept' | 'impossible';
  /** The last thing worth saying aloud to a screen reader. */
  announcement: string;
}

export class Store {
  #state: State;
  #listeners: (() => void)[] = [];

  constructor(initial: State) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Draws now, and again whenever one of the selected values is another. */
  watch<const T extends readonly unknown[]>(select: (state: State) => T, draw: (...values: T) => void): void {
    let values = select(this.#state);
    this.#listeners.push(() => {
      const next = select(this.#state);
      if (next.every((value, i) => Object.is(value, values[i]))) return;
      values = next;
      draw(...next);
    });
    draw(...values);
  }
}

const noStars: Stars = new Map();

/** The catalogue on show: the model's, or the one about to be trained on. */
export const currentCatalogue = (state: State): Catalogue | null =>
  state.model?.catalogue ?? state.data?.catalogue ?? null;

export const starsOf = (state: State, catalogue: Catalogue | null): Stars =>
  (catalogue && state.stars.get(catalogue)) ?? noStars;

export const problemAt = (store: Store, place: Place, problem?: Problem): void => {
  const { [place]: _, ...others } = store.state.problems;
  store.set({ problems: problem ? { ...others, [place]: problem } : others });
};
