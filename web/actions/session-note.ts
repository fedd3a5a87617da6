/** A note that a session is kept, in the few words that offer it when the page opens, before anything else is loaded. */
export interface SessionNote {
  name: string;
  stars: number;
  /** The origin of its model; null without one. */
  model: string | null;
}

const KEY = 'matfac-session';

/** Milliseconds without a change before the session is written. */
const quiet = 600;

/** How often the session was cleared: what is being written meanwhile is cleared, too. */
let cleared = 0;

export const timesCleared = (): number => cleared;

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Writes the session a little later; a newer request, or clearing the session, takes the place of this one. */
export function writeLater(write: () => Promise<void>): void {
  clearTimeout(waiting);
  // Without the script that writes, for want of a network, the session is not kept.
  waiting = setTimeout(() => void write().catch(() => {}), quiet);
}

export function noteSession(note: SessionNote): void {
  localStorage.setItem(KEY, JSON.stringify(note));
}

export function forgetSession(): void {
  cleared++;
  clearTimeout(waiting);
  localStorage.removeItem(KEY);
}

/** Null without one, or where the browser has no storage. */
export function notedSession(): SessionNote | null {
  try {
    const note = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return typeof note?.name === 'string' && typeof note.stars === 'number' ? note : null;
  } catch {
    return null;
  }
}
