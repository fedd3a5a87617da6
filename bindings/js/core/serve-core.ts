/** The module of matfac/serve (bindings/serve/serve.cpp) behind the calls of core.ts: numbers in memory in, copies out. */

import { NOT_ENOUGH_MEMORY } from '../base/errors.js';
import { OPTIONS, TENSORS } from './catalogue.js';
import type {
  CoreDistributions,
  CoreFailure,
  CoreOptions,
  CoreProfile,
  CoreRanking,
  CoreRankings,
  CoreRecommendTask,
  CoreServing,
  CoreTensors,
} from './core.js';
import type { OptionName } from './options.js';
import type { Raw, ServeModule } from './serve-module.js';

/** As CoreModel.foldIn has them. */
type Visitor = Parameters<CoreServing['foldIn']>;
type Typed = Int32Array | Float32Array | Float64Array | Uint8Array | Int8Array;

const CODES: CoreFailure['code'][] = ['invalid-argument', 'out-of-memory', 'unsupported'];

/** Calls a function; an array becomes its place in memory and its length, while the call lasts. */
function call(module: ServeModule, name: string, ...values: (number | boolean | Typed)[]): number {
  // Each array begins at a multiple of 8.
  const sizes = values.map((value) => (typeof value === 'object' ? Math.ceil(value.byteLength / 8) * 8 : 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const block = total > 0 ? raw(module, 'Take')(total) >>> 0 : 0;
  if (total > 0 && block === 0) throw outOfMemory();
  let place = block;
  const plain: number[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'object') {
      plain.push(Number(value));
      continue;
    }
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    new Uint8Array(module.memory.buffer).set(bytes, place);
    plain.push(place, value.length);
    place += sizes[index]!;
  }
  try {
    return raw(module, name)(...plain);
  } finally {
    if (block !== 0) raw(module, 'Free')(block);
  }
}

function raw(module: ServeModule, name: string): Raw {
  return module.call[name]!;
}

/** A pointer, which comes signed. */
function placeOf(module: ServeModule, name: string): number {
  return raw(module, name)() >>> 0;
}

function outOfMemory(): CoreFailure {
  return { code: 'out-of-memory', message: NOT_ENOUGH_MEMORY };
}

/** `call` of a function that returns true on success. @throws CoreFailure */
function ask(module: ServeModule, name: string, ...values: (number | boolean | Typed)[]): void {
  if (call(module, name, ...values) === 0) throw failureOf(module);
}

function failureOf(module: ServeModule): CoreFailure {
  const begin = placeOf(module, 'Message');
  const message = new TextDecoder().decode(new Uint8Array(module.memory.buffer, begin, raw(module, 'MessageLength')()));
  return { code: CODES[raw(module, 'Failure')() - 1]!, message };
}

function indices(module: ServeModule, name: 'Items' | 'Ends'): Int32Array {
  return new Int32Array(module.memory.buffer, placeOf(module, name), raw(module, `${name}Length`)()).slice();
}

function floats(module: ServeModule, name: 'Scores' | 'Ratings' = 'Scores'): Float32Array {
  return new Float32Array(module.memory.buffer, placeOf(module, name), raw(module, `${name}Length`)()).slice();
}

function rankingOf(module: ServeModule): CoreRanking {
  return { items: indices(module, 'Items'), scores: floats(module) };
}

function recommendedOf(module: ServeModule): CoreRankings {
  return { ...rankingOf(module), ratings: floats(module, 'Ratings'), ends: indices(module, 'Ends') };
}

/** @throws CoreFailure */
export function createServing(module: ServeModule, tensors: CoreTensors, options: Required<CoreOptions>): CoreServing {
  ask(module, 'Begin', text(options.solver));
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const value: unknown = options[name];
    if (!OPTIONS[name].ofModel || value === undefined) continue;
    if (typeof value === 'string') ask(module, 'SetChoice', text(name), text(value));
    else ask(module, 'SetNumber', text(name), Number(value));
  }
  for (const name of ['mean', 'scale', 'minimum', 'maximum'] as const) {
    ask(module, 'SetNumber', text(name), tensors[name]);
  }
  ask(module, 'CheckOptions');
  for (const { name } of TENSORS) {
    const kept = tensors.codes?.[name];
    if (kept) ask(module, 'SetCodes', text(name), kept.codes, kept.scale);
    else ask(module, 'SetTensor', text(name), tensors[name]);
  }
  const model = call(module, 'Finish');
  if (model === 0) throw failureOf(module);
  return new Serving(module, model);
}

const text = (value: string) => new TextEncoder().encode(value);

class Serving implements CoreServing {
  readonly #module: ServeModule;
  readonly #model: number;

  constructor(module: ServeModule, model: number) {
    this.#module = module;
    this.#model = model;
  }

  delete(): void {
    raw(this.#module, 'Delete')(this.#model);
  }

  predict(user: number, item: number): number {
    this.#ask('Predict', user, item);
    return raw(this.#module, 'Number')();
  }

  recommend(user: number, task: CoreRecommendTask): CoreRankings {
    this.#ask('Recommend', user, ...parts(task));
    return recommendedOf(this.#module);
  }

  recommendMany(users: Int32Array, offsets: Int32Array, task: CoreRecommendTask): CoreRankings {
    this.#ask('RecommendMany', users, offsets, ...parts(task));
    return recommendedOf(this.#module);
  }

  similarItems(
    item: number,
    n: number,
    excluded: Int32Array,
    included: Int32Array | null,
    trust: Float32Array,
  ): CoreRanking {
    this.#ask('SimilarItems', item, n, excluded, ...listOf(included), trust);
    return rankingOf(this.#module);
  }

  foldIn(...visitor: Visitor): CoreProfile {
    this.#askOf(visitor, 'FoldIn');
    return floats(this.#module);
  }

  profilePredict(profile: CoreProfile, item: number): number {
    this.#ask('ProfilePredict', profile, item);
    return raw(this.#module, 'Number')();
  }

  profileRecommend(profile: CoreProfile, task: CoreRecommendTask): CoreRankings {
    this.#ask('ProfileRecommend', profile, ...parts(task));
    return recommendedOf(this.#module);
  }

  explain(...[items, values, columns, numbers, item, byRating]: [...Visitor, number, boolean]): Float32Array {
    this.#askOf([items, values, columns, numbers], 'Explain', item, byRating);
    return floats(this.#module);
  }

  visitorUncertainty(...[items, values, columns, numbers, asked]: [...Visitor, Int32Array]): Float32Array {
    this.#askOf([items, values, columns, numbers], 'VisitorUncertainty', asked);
    return floats(this.#module);
  }

  visitorDistributions(...[items, values, columns, numbers, asked]: [...Visitor, Int32Array]): CoreDistributions {
    this.#askOf([items, values, columns, numbers], 'VisitorDistributions', asked);
    return { values: floats(this.#module, 'Ratings'), probabilities: floats(this.#module) };
  }

  map(dimensions: number, trust: Float32Array): Float32Array {
    this.#ask('Map', dimensions, trust);
    return floats(this.#module);
  }

  #askOf(visitor: Visitor, name: string, ...values: (number | boolean | Typed)[]): void {
    call(this.#module, 'SetVisitor', ...visitor);
    this.#ask(name, ...values);
  }

  #ask(name: string, ...values: (number | boolean | Typed)[]): void {
    ask(this.#module, name, this.#model, ...values);
  }
}

function parts({ byRating, n, diversity, approximate, excluded, included }: CoreRecommendTask) {
  return [byRating, n, diversity, approximate, excluded, ...listOf(included)];
}

/** No array has a length below 0: all items. */
const listOf = (included: Int32Array | null) => (included ? [included] : [0, -1]);
