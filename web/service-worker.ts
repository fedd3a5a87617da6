/// <reference lib="webworker" />
/**
 * Keeps the page's own files, so that it opens and works without a network after one visit, and hands them out with the
 * headers that make it cross-origin isolated: threads need them, and a host of static files sends none.
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
// Settings in the address are the page's own affair.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] });
cleanupOutdatedCaches();

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
