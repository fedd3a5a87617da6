import type { CorePosterior } from '../../core/core.js';

/** What the shapes of a posterior's tensors follow from. */
export interface PosteriorSizes {
  /** 0 in a file without its users. */
  users: number;
  items: number;
  factors: number;
  samples: number;
  hasBiases: boolean;
  hasImplicit: boolean;
}

type Shape = [rows: number, columns?: number];

/**
 * The tensors of a posterior, by name: which part of it they are, how large, and whether they stay float32 in every file:
 * precisions and variances must not become 0, and are few.
 */
function layoutOf({ users, items, factors, samples, hasBiases, hasImplicit }: PosteriorSizes, drawn: number) {
  const columns = hasBiases ? samples : 0;
  const layout: [name: string, part: keyof CorePosterior, shape: Shape, isDelicate: boolean][] = [
    ['posterior_priors', 'priors', [drawn, 3 + 3 * factors], true],
    ['posterior_user_bias', 'userBias', [users, columns], false],
    ['posterior_item_bias', 'itemBias', [items, columns], false],
    ['posterior_item_implicit_bias', 'itemImplicitBias', [hasImplicit ? items : 0, columns], false],
    ['posterior_user_noise', 'userNoise', [users], true],
  ];
  return layout;
}

const isEmpty = (shape: Shape) => shape.includes(0);

/** Hands each tensor that is not empty to `add`. */
export function writePosterior(
  posterior: CorePosterior,
  sizes: PosteriorSizes,
  add: (name: string, isDelicate: boolean, data: Float32Array, ...shape: number[]) => void,
): void {
  const drawn = posterior.priors.length / (3 + 3 * sizes.factors);
  for (const [name, part, shape, isDelicate] of layoutOf(sizes, drawn)) {
    if (!isEmpty(shape)) add(name, isDelicate, posterior[part], ...(shape as number[]));
  }
}

/** Asks `read` for each tensor that is not empty. */
export function readPosterior(
  drawn: number,
  sizes: PosteriorSizes,
  read: (name: string, ...shape: number[]) => Float32Array,
): CorePosterior {
  const posterior: CorePosterior = {
    priors: new Float32Array(),
    userBias: new Float32Array(),
    itemBias: new Float32Array(),
    itemImplicitBias: new Float32Array(),
    userNoise: new Float32Array(),
  };
  for (const [name, part, shape] of layoutOf(sizes, drawn)) {
    if (!isEmpty(shape)) posterior[part] = read(name, ...(shape as number[]));
  }
  return posterior;
}
