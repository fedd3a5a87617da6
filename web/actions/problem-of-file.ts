/** What a file that cannot be read needs. Loaded only for such a file. */
import type { Problem, ReadAs } from '../state/state.js';
import type { Store } from '../state/store.js';
import { firstRows, headOf, isProse, PROSE } from './first-rows.js';
import { problemOf } from './problem-of.js';

interface Unread {
  file: File;
  readAs: ReadAs;
  error: Error;
  signal: AbortSignal;
  /** Reads the file again. */
  read: (readAs: ReadAs) => Promise<void>;
}

/** Offers to skip a bad row, or asks which column is which, where either may help. */
export async function problemOfFile(store: Store, { file, readAs, error, signal, read }: Unread): Promise<Problem> {
  const problem = problemOf(error);
  if (isProse((await headOf(file)) ?? '')) return { message: `${file.name} ${PROSE}` };
  if (/^(Line|Row) \d+, column/.test(error.message) && readAs.badRows !== 'skip') {
    const again = () => void read({ ...readAs, badRows: 'skip' });
    return { ...problem, remedy: { label: 'Skip unreadable rows', take: again } };
  }
  const first = store.state.choosing ?? (await firstRows(file, signal));
  if (!first || signal.aborted) return problem;
  const { titles, rows, known } = first;
  store.set({ choosing: { titles, rows, known, file, readAs } });
  return { message: `${problem.message}. Please say below which column is which.` };
}
