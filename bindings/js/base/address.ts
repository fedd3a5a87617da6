import { invalid, MatfacError } from './errors.js';
import { checkResponse } from './source.js';

/** What is at an address. @throws MatfacError `invalid-argument` when it cannot be had. */
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

/** In Node, whose fetch takes no file: address. */
function readFile(url: URL): Uint8Array {
  type Files = { readFileSync(url: URL): Uint8Array };
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: 'node:fs') => Files } };
  const files = process?.getBuiltinModule?.('node:fs');
  if (!files) throw invalid(`${url.href} cannot be read here; read the file and give its bytes`);
  try {
    return files.readFileSync(url);
  } catch (cause) {
    throw new MatfacError('invalid-argument', `${url.href} could not be read (${(cause as Error).message})`, { cause });
  }
}
