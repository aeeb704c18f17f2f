// Keeps the last days for reading without a connection. The server writes KNOWN in front of this: the version,
// which changes with any file, the files themselves, and the languages. Nothing but pages and files of this
// hub that were read with GET is ever kept.

const FILES = `hub-files-${KNOWN.version}`;
const PAGES = `hub-pages-${KNOWN.version}`;
const PLAN = "/offline.json";
const MOST_VISITED = 100; // pages that were read, and are not of the last days
const PAUSE = 40; // milliseconds between two pages that are fetched ahead
const AGAIN = 10 * 60 * 1000; // milliseconds until the plan is asked for again
const PATIENCE = 8000; // milliseconds to wait for the hub where a kept page can stand in
const KEPT_AS = { ignoreVary: true }; // one reader, one browser: what pages vary by is the same

/** Name a page by what decides what is on it. */
function name(address) {
  const kept = new URLSearchParams(address.search);
  for (const passing of ["done", "count", "density", "per"]) kept.delete(passing);
  const query = kept.toString();
  return address.pathname + (query ? `?${query}` : "");
}

function isKept(address) {
  return (address.pathname === "/" || /^\/p\/\d+$/.test(address.pathname)) && !address.searchParams.has("done");
}

/** Tell an answer that may be kept: a whole page of our own that does not ask to be forgotten. */
function isWhole(answer) {
  return answer.status === 200 && answer.type === "basic" && !answer.redirected
    && (answer.headers.get("content-type") ?? "").startsWith("text/html")
    && !(answer.headers.get("cache-control") ?? "").includes("no-store");
}

/** Put a page away, with its title and the tag that says whether it is still the same. */
async function put(pages, key, answer, tag = "") {
  if (!isWhole(answer)) return;
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  for (const untrue of ["content-encoding", "content-length", "etag"]) headers.delete(untrue);
  headers.set("x-hub-tag", tag);
  headers.set("x-hub-title", encodeURIComponent(/<title>([^<]*)<\/title>/.exec(text)?.[1] ?? ""));
  await pages.put(key, new Response(text, { headers }));
}

// -- coming and going -------------------------------------------------------------------------

async function keepOfflinePages() {
  const pages = await caches.open(PAGES);
  for (const key of ["/offline", ...KNOWN.languages.map((language) => `/offline?lang=${language}`)]) {
    await put(pages, key, await fetch(key));
  }
}

async function install() {
  const files = await caches.open(FILES);
  await files.addAll(KNOWN.files);
  await keepOfflinePages();
  await self.skipWaiting();
}

async function activate() {
  for (const key of await caches.keys()) {
    if (key.startsWith("hub-") && key !== FILES && key !== PAGES) await caches.delete(key);
  }
  await self.clients.claim();
}

let generation = 0; // counts how often all was forgotten
let forgetting = Promise.resolve();

/** Forget all pages: the reader has chosen another language or theme, and they were drawn in the old one. */
function forget() {
  generation += 1;
  forgetting = caches.delete(PAGES).then(keepOfflinePages);
  return forgetting;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

// -- answering --------------------------------------------------------------------------------

async function file(request) {
  const kept = await caches.match(request, { cacheName: FILES, ...KEPT_AS });
  return kept ?? fetch(request);
}

/** Wait for an answer, but not for ever where another one is at hand. */
function inTime(answer, patience) {
  if (!patience) return answer;
  return new Promise((resolve, reject) => {
    setTimeout(reject, patience, new Error("the hub takes too long"));
    answer.then(resolve, reject);
  });
}

async function page(event, address) {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(name(address), KEPT_AS);
  try {
    const answer = await inTime(fetch(event.request), kept ? PATIENCE : 0);
    // As it is on the way: a choice that is only in this address is not put away for all.
    if (isKept(address) && name(address) === address.pathname + address.search) {
      event.waitUntil(put(pages, name(address), answer.clone()));
    }
    return answer;
  } catch {
    return kept ? stale(kept) : offline(pages, address);
  }
}

/** Give a kept page, which says when it was kept. */
async function stale(kept) {
  const at = new Date(kept.headers.get("date") ?? "");
  const said = Number.isNaN(at.getTime()) ? "" : at.toISOString();
  const text = await kept.text();
  return new Response(text.replace("<body", `<body data-kept-at="${said}"`), { headers: kept.headers });
}

async function offline(pages, address) {
  const language = address.searchParams.get("lang");
  const key = KNOWN.languages.includes(language) ? `/offline?lang=${language}` : "/offline";
  const kept = await pages.match(key, KEPT_AS);
  return kept ? new Response(await kept.text(), { status: 503, headers: kept.headers }) : Response.error();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (/^\/(static|icons)\//.test(address.pathname)) {
    event.respondWith(file(request));
  } else if (request.mode === "navigate") {
    if (address.pathname === "/settings" && address.searchParams.get("done") === "saved") event.waitUntil(forget());
    event.respondWith(page(event, address));
  }
});

// -- fetching ahead ---------------------------------------------------------------------------

const asked = new Set(); // what addresses carry, of those whose days are to be fetched
let isCollecting = false;

/** Fetch ahead, one after the other, whatever was asked for; what is asked for meanwhile too. */
async function fetchAhead(suffix) {
  asked.add(suffix);
  if (isCollecting || self.navigator.connection?.saveData) return;
  isCollecting = true;
  try {
    for (const one of asked) {
      asked.delete(one);
      await forgetting;
      await collect(one);
    }
  } catch (error) {
    // Without a connection there is nothing to fetch; what is kept stays, and the next visit goes on.
    if (!(error instanceof TypeError)) throw error;
  } finally {
    isCollecting = false;
  }
}

/** Fetch the last days one page at a time, in the language that the reader's addresses say. */
async function collect(suffix) {
  const begun = generation;
  const pages = await caches.open(PAGES);
  const last = await pages.match(PLAN + suffix, KEPT_AS);
  if (last && Date.now() - Date.parse(last.headers.get("date")) < AGAIN) return;
  const answer = await fetch(PLAN + suffix);
  if (!answer.ok) return;
  const planned = (await answer.clone().json()).pages;
  for (const [key, tag] of Object.entries(planned)) {
    const kept = tag && (await pages.match(key, KEPT_AS));
    if (kept && kept.headers.get("x-hub-tag") === tag) continue;
    await put(pages, key, await fetch(key), tag);
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    if (generation !== begun) return; // these pages are drawn in the old way, and are forgotten
  }
  await pages.put(PLAN + suffix, answer);
  await clear(pages, new Set(Object.keys(planned)));
}

/** Let go what is neither of the last days nor among the last that were read. */
async function clear(pages, planned) {
  const visited = (await pages.keys()).filter((request) => {
    const address = new URL(request.url);
    return !address.pathname.startsWith("/offline") && !planned.has(address.pathname + address.search);
  });
  for (const request of visited.slice(0, Math.max(visited.length - MOST_VISITED, 0))) await pages.delete(request);
}

self.addEventListener("message", (event) => {
  if (typeof event.data?.keep === "string" && /^(\?lang=[a-z]+)?$/.test(event.data.keep)) {
    event.waitUntil(fetchAhead(event.data.keep));
  }
});
