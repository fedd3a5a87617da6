import { takeFiles } from '../../actions/take-files.js';
import type { Store } from '../../state/store.js';

/** Accepts files dropped anywhere on the page. */
export function dropView(store: Store): void {
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const mark = (on: boolean) => document.documentElement.classList.toggle('dropping', on);
  document.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    mark(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    takeFiles(store, [...(event.dataTransfer?.files ?? [])]);
  });
}
