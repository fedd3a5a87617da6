// The WebAssembly side: the module named on the command line.
import { pathToFileURL } from 'node:url';
import { serve } from './lines.mjs';
import { startTraining } from './side-task.mjs';

const { default: create } = await import(pathToFileURL(process.argv[2] ?? '').href);

await serve(async (task) => startTraining(await create({ threads: task.threads }), task));
