import { MatfacError } from '../../base/errors.js';
import { piecesOf } from '../../base/source.js';

/** The contents of a gzip stream. @throws MatfacError `parse-error` when it is damaged or cut off. */
export async function* gunzip(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  const source = new ReadableStream<BufferSource>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      } catch (error) {
        failure = error;
        controller.error(error);
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  try {
    yield* piecesOf(source.pipeThrough(new DecompressionStream('gzip')));
  } catch (cause) {
    if (failure) throw failure;
    const reason = cause instanceof Error && cause.message ? ` (${cause.message})` : '';
    throw new MatfacError('parse-error', `The gzip data is damaged or cut off${reason}`, { cause });
  } finally {
    await pieces.return(undefined);
  }
}
