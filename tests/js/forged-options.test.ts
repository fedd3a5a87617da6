/** A file whose options are those of no training, with a valid checksum. */
import { type MatfacError, Model, type ModelOptions, Ratings, SOLVERS, type Solver, train } from 'matfac';
import { Model as ServeModel } from 'matfac/serve';
import { describe, expect, test } from 'vitest';
import { checksumOf } from '../../bindings/js/base/checksum.js';
import { decodeTensors, encodeTensors } from '../../bindings/js/base/safetensors.js';

const solvers = Object.keys(SOLVERS) as Solver[];
const WRONG = [0, -1, 0.5, 1e9, 2 ** 31, 2 ** 32 + 1, 1e300, null, 'many', true, [], {}];

describe.each(solvers)('%s', (solver) => {
  test('an option of another value is refused in words, or gives a model that works', async () => {
    const ratings = await Ratings.sample('tiny');
    const bytes = (await train(ratings, { solver, epochs: 1 })).save();
    const options = JSON.parse(decodeTensors(bytes).metadata.options ?? '') as ModelOptions;
    for (const name of Object.keys(options)) {
      for (const value of WRONG) {
        const file = decodeTensors(bytes);
        file.metadata.options = JSON.stringify({ ...options, [name]: value });
        delete file.metadata.checksum;
        file.metadata.checksum = checksumOf(file);
        for (const library of [Model, ServeModel]) {
          const what = `${name}: ${JSON.stringify(value)} in ${library === Model ? 'matfac' : 'matfac/serve'}`;
          try {
            const model = await library.load(encodeTensors(file));
            model.foldIn([{ item: model.items[0]!, rating: 4 }]).recommend({ n: 3 });
            model.dispose();
          } catch (error) {
            expect((error as Error).name, `${what}: ${error}`).toBe('MatfacError');
            expect((error as MatfacError).code, `${what}: ${error}`).toMatch(/^(corrupt-model|invalid-argument)$/);
          }
        }
      }
    }
  });
});
