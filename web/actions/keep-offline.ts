/** The service worker: it serves the page without a network, and adds the headers that threads need. */
import type { Store } from '../state/store.js';

/** Registers the service worker. Called after everything that the visitor waits for. */
export async function keepOffline(store: Store): Promise<void> {
  if (!('serviceWorker' in navigator) || !isSecureContext) return store.set({ offline: 'impossible' });
  try {
    await navigator.serviceWorker.register('./service-worker.js');
    await navigator.serviceWorker.ready;
    store.set({ offline: 'kept' });
  } catch {
    // A private window or a host that forbids it. The page still works while there is a network.
    store.set({ offline: 'impossible' });
  }
}
