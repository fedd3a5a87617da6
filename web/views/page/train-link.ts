/**
 * The first screen's button: it trains on the page's ratings and lands at Rate. A click may come before the ratings,
 * which it then waits for, or before this script: then the page is at the address that the link has in index.html.
 */
import { startTraining } from '../../actions/train-model.js';
import type { Store } from '../../state/store.js';

export function trainLink(link: HTMLAnchorElement, store: Store, opened: Promise<void>): void {
  const train = () => void opened.then(() => startTraining(store));
  const wasClicked = location.hash === link.hash;
  link.setAttribute('href', '#rate'); // relative to the address, which takes the settings
  link.addEventListener('click', train);
  if (wasClicked) {
    history.replaceState(null, '', link.hash);
    train();
  }
  store.watch(
    ({ data }) => [data],
    (data) => {
      if (data) link.textContent = `Train on ${data.name}`;
    },
  );
}
