/** The service worker: the page without a network, and threads where the host sends no headers for them. */
import type { Store } from '../state/store.js';

/** What the page could ask for without a visitor waiting comes after what one waits for. */
export async function keepOffline(store: Store): Promise<void> {
  if (!('serviceWorker' in navigator) || !isSecureContext) return store.set({ offline: 'impossible' });
  try {
    await navigator.serviceWorker.register('./service-worker.js');
    await navigator.serviceWorker.ready;
    store.set({ offline: 'kept' });
  } catch {
    // A private window or a host that forbids it; the page works all the same while there is a network.
    store.set({ offline: 'impossible' });
  }
}
