/* The gate's page and all that belongs to it, kept on the device: it opens without a network. What is said about people
   passes by here and is never kept. VERSION, PAGES and FILES stand before this. */
const CACHE = `gate ${VERSION}`;
const PATIENCE = 3000; // milliseconds for which the newest page is waited for

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === new URL(PAGES[0], self.location).pathname)
    event.respondWith(page(request));
  else if (FILES.includes(address.pathname)) event.respondWith(file(request));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  for (const address of [...PAGES, ...FILES]) {
    const answer = await fetch(address, { cache: "reload", credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }
}

/* Earlier versions of this page alone: what else of the site is kept on the device is not its own. */
async function forgetOthers() {
  for (const name of await caches.keys()) if (name.startsWith("gate ") && name !== CACHE) await caches.delete(name);
}

/* What the server says, also that this device is no longer paired; the kept page where it says nothing in time. */
async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(request.url)) ?? (await cache.match(request.url, { ignoreSearch: true }));
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    return answer.status >= 500 && kept ? kept : answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) ?? fetch(request);
}
