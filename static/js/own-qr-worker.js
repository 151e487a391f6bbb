/* Keeps one page, that of a person's code, and what it needs; nothing else of the site passes by here. FILES stands before
   this. A link that no longer leads to a code takes the kept one along. */
const PAGE = self.registration.scope;
const CACHE = `code ${PAGE}`;
const PATIENCE = 3000; // milliseconds for which the newest page is waited for

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === new URL(PAGE).pathname) event.respondWith(page(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll([PAGE, ...FILES].map((address) => new Request(address, { cache: "reload" })));
}

async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  let answer;
  try {
    answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE) } : {});
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
  if (answer.status >= 500 && kept) return kept;
  if (answer.ok) await cache.put(PAGE, answer.clone());
  else await caches.delete(CACHE); // withdrawn, or another link is the right one now
  return answer;
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) ?? fetch(request);
}
