import { Features } from '../index.js';
import type { Flag, Given } from './command.js';
import { fileAt, inFile } from './input.js';
import { note } from './terminal.js';

/** The files of features, which are read as `Features.fromFile` does. */
export const FEATURE_FLAGS: readonly Flag[] = [
  { name: 'userFeatures', value: 'FILE', help: 'what users are: a table of their ids, ages, countries and so on' },
  { name: 'itemFeatures', value: 'FILE', help: 'what items are: a table of their ids, genres, years and so on' },
];

/** The features of the files that are named; notes tell what was guessed and left out. */
export async function featuresOf(given: Given, signal: AbortSignal): Promise<{ [name: string]: Features }> {
  const found: { [name: string]: Features } = {};
  for (const { name } of FEATURE_FLAGS) {
    const path = given.text(name);
    if (path === undefined) continue;
    try {
      found[name] = await Features.fromFile(await fileAt(path), { signal });
    } catch (failure) {
      throw inFile(path, failure);
    }
    for (const { message } of found[name].notes) note(given, `${path}: ${message}`);
  }
  return found;
}
