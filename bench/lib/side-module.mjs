// The WebAssembly side: the module named on the command line, through the same calls as the package makes.
import { pathToFileURL } from 'node:url';
import { serve } from './lines.mjs';

const { default: create } = await import(pathToFileURL(process.argv[2] ?? '').href);
const none = { users: new Int32Array(0), items: new Int32Array(0), values: new Float32Array(0) };

await serve(async ({ columns, solver, factors, threads, biases, regularization, learningRate }) => {
  const core = await create({ threads });
  const ratings = core.createRatings(
    columns.users,
    columns.items,
    columns.values,
    columns.userCount,
    columns.itemCount,
  );
  const options = {
    solver,
    factors,
    threads,
    biases,
    regularization,
    epochs: 1_000_000,
    ...(learningRate > 0 && { learningRate }),
  };
  const trainer = core.createTrainer(ratings, options, none.users, none.items, none.values);
  return () => {
    let report = null;
    while (!report) report = trainer.advance(3600);
    return report.seconds;
  };
});
