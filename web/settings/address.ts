/** The settings in the page's address, so that it can be passed on and comes back at the next visit. */
import type { Solver } from 'matfac';
import type { Settings, SettingValue } from './settings.js';
import { settings, settingsFor, solvers } from './solvers.js';

export const defaultValidation = 0.1;

/** What the address asks for; names and values that there are not are passed over, numbers out of range are not. */
export function settingsFromAddress(query: string): Settings {
  const asked = new URLSearchParams(query);
  const solver = (asked.get('solver') ?? 'als') as Solver;
  const validation = Number(asked.get('validation') ?? defaultValidation);
  const chosen = settingsFor(
    Object.hasOwn(solvers, solver) ? solver : 'als',
    validation >= 0 && validation < 1 ? validation : defaultValidation,
  );
  const values: Record<string, SettingValue> = { ...chosen.values };
  for (const { name, number, choices } of settings) {
    const text = asked.get(name);
    if (text === null) continue;
    const value = number
      ? Number(text)
      : choices
        ? choices.find(([known]) => String(known) === text)?.[0]
        : text === 'true';
    if (value !== undefined && !Number.isNaN(value)) values[name] = value;
  }
  return { ...chosen, values };
}

/** The query that brings these settings back: what differs from where the page starts. */
export function addressOfSettings({ solver, validation, values }: Settings): string {
  const start = settingsFor(solver, defaultValidation);
  const query = new URLSearchParams();
  if (solver !== 'als') query.set('solver', solver);
  if (validation !== start.validation) query.set('validation', String(validation));
  for (const { name, fits } of settings) {
    const value = values[name];
    if (fits.includes(solver) && value !== undefined && value !== start.values[name]) query.set(name, String(value));
  }
  const text = query.toString();
  return text && `?${text}`;
}

export const addressNow = (): Settings => settingsFromAddress(location.search);

/** Written without an entry of its own in the history: going back leaves the page. */
export function writeAddress(chosen: Settings): void {
  history.replaceState(null, '', `${location.pathname}${addressOfSettings(chosen)}${location.hash}`);
}
