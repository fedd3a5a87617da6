/** What the page knows, and what follows directly from it. */
import {
  type ColumnChoice,
  type Engine,
  type EpochReport,
  type Id,
  type Metrics,
  type Model,
  type Ratings,
  SOLVERS,
  type Trial,
  type UnmatchedRating,
} from 'matfac';
import type { Factors, Method, Pair, Side } from '../compute/descent.js';
import type { Positions } from '../compute/map-geometry.js';
import type { ItemList, Stars } from '../items/item-list.js';
import type { TitleList } from '../items/titles.js';
import type { Settings } from '../settings/settings.js';
import type { Searchable } from '../settings/spaces.js';

export interface Data {
  ratings: Ratings;
  name: string;
  itemList: ItemList;
  /** The file and how it was read, so that it can be read again with other columns; null for the sample. */
  file: File | null;
  readAs?: ReadAs;
  /** What is odd about the ratings, in the page's words. */
  notes: readonly string[];
}

/** How to read a file; anything left out is guessed. */
export interface ReadAs {
  badRows?: 'error' | 'skip';
  columns?: ColumnChoice;
}

/** A file whose columns the visitor has to choose. */
export interface Choosing {
  file: File;
  readAs: ReadAs;
  /** The titles of its columns, and its first rows as far as the page can show them. */
  titles: readonly string[];
  rows: readonly (readonly string[])[];
  /** The columns whose titles say what they are. */
  known: ColumnChoice;
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
  /** The WebAssembly build and the number of threads, once they are known. */
  engine: Engine | null;
  /** About how many bytes of WebAssembly's memory the training takes. */
  memory?: number | undefined;
}

export interface CurrentModel {
  model: Model;
  itemList: ItemList;
  /** Where the model comes from, as shown to the visitor: “the sample, 20 epochs of als”. */
  origin: string;
  /** The run that trained it; absent if the model was opened. */
  trainedBy?: Run | null;
}

/** A method on the small matrix, step by step. */
export interface Walk {
  method: Method;
  learningRate: number;
  lambda: number;
  factors: Factors;
  /** Before the first step, and after each. */
  losses: readonly number[];
  /** The pair whose arithmetic is shown, and the pair of the next stochastic step. */
  chosen: Pair;
  /** The pairs left in this pass. */
  ahead: readonly Pair[];
  pass: number;
  /** The side that the next step of als solves. */
  side: Side;
  /** True after steps that were too long to be taken. */
  diverged: boolean;
}

/** The positions of the items, computed from a model or from a snapshot of a training. */
export interface ItemMap {
  items: readonly Id[];
  /** In the order of `items`. */
  positions: Positions;
  itemList: ItemList;
  /** The epoch of a training in progress; null for a finished model. */
  epoch: number | null;
}

/** A model in the comparison. A baseline that only ranks has no RMSE, because it predicts no ratings. */
export interface JudgedModel {
  name: string;
  words: string;
  metrics: Partial<Metrics>;
  seconds: number;
}

export interface Judgement {
  ratingsName: string;
  rows: readonly JudgedModel[];
  /** The name of the model being trained or evaluated; null when all are done. */
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

/** Where on the page a problem is shown: a section, or the titles within the first. */
export type Section = 'start' | 'titles' | 'learn' | 'see' | 'rate' | 'judge' | 'keep';

export interface Problem {
  message: string;
  /** A solution, offered as a button. */
  remedy?: { label: string; take: () => void };
  /** Another one, for those who meant something else. */
  other?: { label: string; take: () => void };
}

/** What became of the visitor's own list. */
export interface OwnList {
  name: string;
  itemList: ItemList;
  matched: number;
  /** Known to the visitor, but without a rating: not to be recommended. */
  seen: readonly Id[];
  unmatched: readonly UnmatchedRating[];
}

/** What was just done, and how to take it back. */
export interface Undo {
  done: string;
  take: () => void;
  /** Frees what only `take` needs. */
  decline?: () => void;
}

export interface State {
  data: Data | null;
  reading: Reading | null;
  choosing: Choosing | null;
  titles: TitleList | null;
  settings: Settings;
  run: Run | null;
  /** Previous runs, the latest first. */
  earlierRuns: readonly Run[];
  /** The previous run drawn on the chart for comparison. */
  comparedRun: Run | null;
  model: CurrentModel | null;
  /** Of the training under way: it recommends in the place of the model. */
  snapshot: CurrentModel | null;
  stars: ReadonlyMap<ItemList, Stars>;
  ownList: OwnList | null;
  /** The recommended item that the visitor knows and wants to rate. */
  toRate: { item: Id } | null;
  walk: Walk | null;
  map: ItemMap | null;
  judgement: Judgement | null;
  searching: Searching | null;
  /** Whether a model is kept in this browser. */
  kept: boolean;
  /** The option of `recommend`: 0 for the best items only, 1 for the most diverse. */
  diversity: number;
  /** The item selected on the map. */
  mapItem: Id | null;
  problems: Readonly<Partial<Record<Section, Problem>>>;
  undo: Undo | null;
  /** Whether the page's files are cached for use without a network. */
  offline: 'waiting' | 'kept' | 'impossible';
  /** The latest message for screen readers. */
  announcement: string;
}

const noStars: Stars = new Map();

/** The model that recommends. */
export const modelInUse = ({ snapshot, model }: State): CurrentModel | null => snapshot ?? model;

/** The list on the page: the model's, or that of the ratings if there is no model yet. */
export const currentItemList = (state: State): ItemList | null =>
  modelInUse(state)?.itemList ?? state.data?.itemList ?? null;

/** The largest rating of a scale of stars; larger numbers are counts. */
const mostStars = 10;

/** The range of the ratings, from which the values of the stars follow. */
export function rangeOf(state: State): readonly [number, number] {
  const ofModel = modelInUse(state)?.model.ratingRange;
  if (ofModel && Number.isFinite(ofModel[1])) return ofModel;
  const ofData = state.data?.ratings.range;
  return ofData && ofData[1] <= mostStars ? ofData : [1, 5];
}

/** True if an item is taken or not, and has no stars: the model, or else the ratings, are of interactions. */
export const isOfTaking = (state: State): boolean => {
  const solver = modelInUse(state)?.model.solver;
  return solver ? SOLVERS[solver].feedback === 'implicit' : (state.data?.ratings.implicit ?? false);
};

/** True if the model was trained here on other ratings than those now on the page. */
export const isOutdated = ({ model, data }: State): boolean =>
  Boolean(data && model?.trainedBy && model.trainedBy.ratings !== data.ratings);

/** What the visitor knows without having rated it. */
export const seenOf = ({ ownList }: State, itemList: ItemList | null): readonly Id[] =>
  ownList && ownList.itemList === itemList ? ownList.seen : [];

export const starsOf = (state: State, itemList: ItemList | null): Stars =>
  (itemList && state.stars.get(itemList)) ?? noStars;
