/// <reference lib="webworker" />
/**
 * Caches the page's own files, so that it opens and works without a network after one visit, and serves them with the
 * headers for cross-origin isolation: threads need them, and a static host does not send them.
 */
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}

addPlugins([
  { cachedResponseWillBeUsed: async ({ cachedResponse }) => (cachedResponse ? isolated(cachedResponse) : null) },
]);
// The query holds settings that only the page reads.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] });
cleanupOutdatedCaches();

// A newer version waits until no tab has this one open, because that needs the files it was built with.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
