// A side in a browser: a worker of the page that starts a training and runs one epoch at a time on request.
import { startPlainSgd } from './plain-sgd.mjs';
import { startTraining } from './side-task.mjs';

let epoch = () => Number.NaN;

/**
 * @param {{module: string | null, generator: string, size: string, seed: number} &
 *   Omit<import('./side-task.mjs').Task, 'columns'>} task
 */
async function start({ module, generator, size, seed, ...task }) {
  const columns = (await (await import(generator)).default()).generate(size, seed);
  if (!module) {
    epoch = startPlainSgd({ ...task, columns });
    return;
  }
  const { default: create } = await import(module);
  epoch = startTraining(await create({ threads: task.threads }), { ...task, columns });
}

self.onmessage = async ({ data }) => {
  try {
    if (data === 'epoch') self.postMessage({ seconds: epoch() });
    else {
      await start(data);
      self.postMessage({});
    }
  } catch (failure) {
    self.postMessage({ failure: String(failure) });
  }
};
