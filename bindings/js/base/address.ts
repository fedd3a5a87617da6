import { invalid, MatfacError } from './errors.js';
import { checkResponse } from './source.js';

/** The contents at an address. @throws MatfacError `invalid-argument` when they cannot be fetched. */
export async function fetched(url: URL): Promise<Uint8Array | Response> {
  if (url.protocol === 'file:') return readFile(url);
  try {
    const response = await fetch(url);
    checkResponse(response);
    return response;
  } catch (cause) {
    if (cause instanceof MatfacError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MatfacError('invalid-argument', `${url.href} could not be fetched (${reason})`, { cause });
  }
}

/** For Node, whose fetch does not support file: addresses. */
function readFile(url: URL): Uint8Array {
  type Files = { readFileSync(url: URL): Uint8Array };
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: 'node:fs') => Files } };
  const files = process?.getBuiltinModule?.('node:fs');
  if (!files) throw invalid(`${url.href} cannot be read here; read the file and pass its bytes`);
  try {
    return files.readFileSync(url);
  } catch (cause) {
    throw new MatfacError('invalid-argument', `${url.href} could not be read (${(cause as Error).message})`, { cause });
  }
}
