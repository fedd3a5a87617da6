import { decimals, percent } from '../base/format.js';
import type { JudgedModel } from '../state/state.js';

export const AVERAGES = 'Biases alone';
export const POPULAR = 'Popularity';

/** “Your model’s stars are 4% closer than averages; its top ten is 1.9 times as good as the ten most popular.” */
export function inSentence(rows: readonly JudgedModel[]): string {
  const [mine, ...others] = rows;
  const named = (name: string) => others.find((other) => other.name === name)?.metrics;
  const gain = 1 - (mine?.metrics.rmse ?? Number.NaN) / (named(AVERAGES)?.rmse ?? Number.NaN);
  const ratio = (mine?.metrics.ndcg ?? Number.NaN) / (named(POPULAR)?.ndcg ?? Number.NaN);
  const parts: string[] = [];
  if (Number.isFinite(gain)) {
    const closer = gain >= 0 ? 'closer' : 'further off';
    parts.push(`stars are ${percent(Math.abs(gain))} ${closer} than averages`);
  }
  if (Number.isFinite(ratio)) {
    const times = decimals(ratio, ratio < 10 ? 1 : 0);
    parts.push(
      ratio < 0.995
        ? `top ten is only ${percent(ratio)} as good as the ten most popular`
        : `top ten is ${times} times as good as the ten most popular`,
    );
  }
  return parts.length > 0 ? `Your model’s ${parts.join('; its ')}.` : '';
}
