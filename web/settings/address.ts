/** The settings in the page's address, so that they can be shared and bookmarked. */
import type { Solver } from 'matfac';
import { settings } from './setting-list.js';
import type { Settings, SettingValue } from './settings.js';
import { settingsFor, solvers } from './solvers.js';

const defaultValidation = 0.1;
const defaultSolver: Solver = 'variational';

/** The settings of an address. Unknown names and values are ignored; options out of range are kept, for `train` to reject. */
function settingsFromAddress(search: string): Settings {
  const query = new URLSearchParams(search);
  const solver = (query.get('solver') ?? defaultSolver) as Solver;
  const validation = Number(query.get('validation') ?? defaultValidation);
  const start = settingsFor(
    Object.hasOwn(solvers, solver) ? solver : defaultSolver,
    validation >= 0 && validation < 1 ? validation : defaultValidation,
  );
  const values: Record<string, SettingValue> = { ...start.values };
  for (const { name, number, choices } of settings) {
    const text = query.get(name);
    if (text === null) continue;
    const value = number
      ? Number(text)
      : choices
        ? choices.find(([known]) => String(known) === text)?.[0]
        : text === 'true';
    if (value !== undefined && !Number.isNaN(value)) values[name] = value;
  }
  return { ...start, values };
}

/** The query for these settings: those that differ from the page's defaults. */
function addressOfSettings({ solver, validation, values }: Settings): string {
  const start = settingsFor(solver, defaultValidation);
  const query = new URLSearchParams();
  if (solver !== defaultSolver) query.set('solver', solver);
  if (validation !== start.validation) query.set('validation', String(validation));
  for (const { name, fits } of settings) {
    const value = values[name];
    if (fits.includes(solver) && value !== undefined && value !== start.values[name]) query.set(name, String(value));
  }
  const text = query.toString();
  return text && `?${text}`;
}

export const addressNow = (): Settings => settingsFromAddress(location.search);

/** Replaces the history entry, so that going back leaves the page. */
export function writeAddress(chosen: Settings): void {
  history.replaceState(null, '', `${location.pathname}${addressOfSettings(chosen)}${location.hash}`);
}
