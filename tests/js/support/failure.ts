import { MatfacError } from 'matfac';

/** The MatfacError that a call throws or a promise rejects with; anything else fails the test. */
export async function failure(act: () => unknown): Promise<MatfacError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof MatfacError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}
