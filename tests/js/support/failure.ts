import { MatfacError } from 'matfac';

type Kind<E extends MatfacError> = abstract new (...values: never[]) => E;

/** The MatfacError, or subclass of it, that a call throws or a promise rejects with; anything else fails the test. */
export function failure(act: () => unknown): Promise<MatfacError>;
export function failure<E extends MatfacError>(act: () => unknown, kind: Kind<E>): Promise<E>;
export async function failure(act: () => unknown, kind: Kind<MatfacError> = MatfacError): Promise<MatfacError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}
