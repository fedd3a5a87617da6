import { problemAt, type Store } from '../state/store.js';
import { readRatings, readTitles } from './read-ratings.js';
import { openModel } from './use-model.js';

/** What a dropped file contains, judged by its name: `movies.csv.gz` and `u.item` hold titles, `u.data` holds ratings. */
function kindOf(name: string): 'model' | 'titles' | 'ratings' {
  if (/\.safetensors$/i.test(name)) return 'model';
  if (/rating/i.test(name)) return 'ratings';
  return /movies?\b|titles?\b|items?\b|books?\b|films?\b|names?\b/i.test(name) ? 'titles' : 'ratings';
}

export function takeFiles(store: Store, files: readonly File[]): void {
  const ratings = files.filter((file) => kindOf(file.name) === 'ratings');
  if (ratings.length > 1) {
    const names = ratings.map((file) => file.name).join(' and ');
    problemAt(store, 'start', {
      message: `${names} both look like ratings. Please drop one ratings file at a time.`,
    });
    return;
  }
  for (const file of files) {
    const kind = kindOf(file.name);
    if (kind === 'model') void openModel(store, file);
    else if (kind === 'titles') void readTitles(store, file);
    else void readRatings(store, file);
  }
}
