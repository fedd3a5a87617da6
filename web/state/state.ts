/** What the page knows, and the little that follows from it. */
import type { ColumnChoice, Engine, EpochReport, Id, Metrics, Model, Ratings, Trial } from 'matfac';
import type { Factors, Pair } from '../compute/descent.js';
import type { Positions } from '../compute/map-geometry.js';
import type { ItemList, Stars } from '../items/item-list.js';
import type { TitleList } from '../items/titles.js';
import type { Settings } from '../settings/settings.js';
import type { Searchable } from '../settings/spaces.js';

export interface Data {
  ratings: Ratings;
  name: string;
  itemList: ItemList;
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
  itemList: ItemList;
  /** Where it comes from, in words: “Sample, 20 epochs of als”. */
  origin: string;
  /** The run that it came of; none when it was opened. */
  trainedBy?: Run | null;
}

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
  positions: Positions;
  itemList: ItemList;
  /** Of the training under way; null when the model is at rest. */
  epoch: number | null;
}

/** One of those that are judged side by side; a baseline of ranking predicts no ratings, and has no RMSE. */
export interface JudgedModel {
  name: string;
  words: string;
  metrics: Partial<Metrics>;
  seconds: number;
}

export interface Judgement {
  ratingsName: string;
  rows: readonly JudgedModel[];
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
export type Section = 'start' | 'titles' | 'learn' | 'see' | 'rate' | 'judge' | 'leave';

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
  stars: ReadonlyMap<ItemList, Stars>;
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
  problems: Readonly<Partial<Record<Section, Problem>>>;
  /** Whether the page's files are kept for when there is no network. */
  offline: 'waiting' | 'kept' | 'impossible';
  /** The last thing worth saying aloud to a screen reader. */
  announcement: string;
}

const noStars: Stars = new Map();

/** The itemList on show: the model's, or the one about to be trained on. */
export const currentItemList = (state: State): ItemList | null => state.model?.itemList ?? state.data?.itemList ?? null;

export const starsOf = (state: State, itemList: ItemList | null): Stars =>
  (itemList && state.stars.get(itemList)) ?? noStars;
