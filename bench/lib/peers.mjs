// The libraries of Python's that we are compared with, in an environment of their own (scripts/lib/python.sh).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const peersPython = fileURLToPath(new URL('../../.toolchain/peers/bin/python', import.meta.url));

/** The version of a library, or undefined where it is not installed. @param {string} name */
export function peerVersion(name) {
  const distribution = name === 'surprise' ? 'scikit-surprise' : name;
  const program = `import importlib, importlib.metadata; importlib.import_module('${name}'); print(importlib.metadata.version('${distribution}'))`;
  const { status, stdout } = spawnSync(peersPython, ['-W', 'ignore', '-c', program], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
