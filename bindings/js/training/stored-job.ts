import { mustBe } from '../base/checks.js';
import { MatfacError } from '../base/errors.js';
import { inTurns } from '../base/pause.js';
import { coreOptionsOf, type TrainOptions as Options } from '../core/options.js';
import type { Model } from '../model/model.js';
import type { Columns, Table } from '../ratings/columns.js';
import type { Features } from '../ratings/features.js';
import { noColumns } from '../ratings/no-columns.js';
import { Ratings, tableOf } from '../ratings/ratings.js';
import type { TrainingJob } from './protocol.js';
import { foreignColumns } from './validation.js';

type TrainOptions = Options<Ratings, Model, Features>;

/**
 * The training of ratings whose rows are in a store, on one thread. The default solver is one that reads them in order.
 * @throws MatfacError `unsupported` for a share as `validation`; `disposed`.
 */
export async function storedJob(
  table: Table,
  options: TrainOptions,
  given: TrainOptions,
): Promise<Omit<TrainingJob, 'start' | 'features'>> {
  const { users, items, implicit } = table;
  const { file, rated, timeOrigin } = table.stored!;
  const solver = options.solver ?? (implicit ? 'implicit-als' : 'als');
  const coreOptions = coreOptionsOf({ ...options, solver }, implicit, given);
  return {
    ...noColumns(),
    userCount: users.size,
    itemCount: items.size,
    options: coreOptions,
    threads: 1,
    stored: { file, offsets: rated.offsets, timeOrigin },
    validation: await validationColumns(),
  };

  async function validationColumns(): Promise<Columns> {
    const { validation } = options;
    if (validation === undefined) return noColumns();
    if (validation instanceof Ratings) return inTurns(foreignColumns(tableOf(validation), table, coreOptions));
    if (typeof validation !== 'number') throw mustBe('validation', 'Ratings for stored ratings', validation);
    const advice = 'splitAsync divides stored ratings, and its test part is one';
    throw new MatfacError('unsupported', `validation must be Ratings for stored ratings: ${advice}`);
  }
}
