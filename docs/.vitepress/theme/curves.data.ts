import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A training on the sample: an error or NDCG@10 at each epoch shown. */
export interface Curve {
  metric: 'RMSE' | 'NDCG@10';
  epochs: number[];
  training: number[];
  validation: number[];
}

declare const data: { [solver: string]: Curve };

export { data };

const written = fileURLToPath(new URL('../../public/curves.json', import.meta.url));

/** As scripts/docs-pages.mjs writes them. */
export default {
  load: (): typeof data => (existsSync(written) ? JSON.parse(readFileSync(written, 'utf8')) : {}),
};
