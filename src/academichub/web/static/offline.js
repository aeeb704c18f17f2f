// Reading without a connection: bring in the worker where the browser allows one, and say what is kept.
// Without this file, and on addresses that browsers do not trust with a worker, pages just need the hub.

const script = document.querySelector("script[data-worker]");
const LISTED = 300;

/** What addresses of this reader carry, where they name a language. */
function suffix() {
  const language = new URLSearchParams(location.search).get("lang");
  return language ? `?lang=${language}` : "";
}

async function begin() {
  const worker = await navigator.serviceWorker.register(script.dataset.worker, { updateViaCache: "none" });
  const ready = await navigator.serviceWorker.ready;
  (ready.active ?? worker.active)?.postMessage({ keep: suffix() });
}

/** Say that this page is an old one, and how old. */
function sayStale() {
  const at = document.body.dataset.keptAt;
  if (at === undefined) return;
  const said = document.createElement("p");
  said.className = "notice kept-page";
  said.setAttribute("role", "status");
  const language = document.documentElement.lang;
  const when = at ? new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }) : "—";
  said.textContent = script.dataset.saysKept.replace("{when}", when);
  document.querySelector(".head").after(said);
}

/** Read words that may hold entities, as a page's title does. */
function plain(words) {
  return new DOMParser().parseFromString(words, "text/html").body.textContent;
}

function line(address, answer) {
  const title = plain(decodeURIComponent(answer.headers.get("x-hub-title") ?? "")).replace(/ · AcademicHub$/, "");
  const link = document.createElement("a");
  link.href = address.pathname + address.search;
  link.textContent = title || link.pathname;
  const entry = document.createElement("li");
  entry.append(link);
  return entry;
}

/** On the page that stands in for a missing one: list what this browser has. */
async function list() {
  const keys = (await caches.keys()).filter((key) => key.startsWith("hub-pages-"));
  const days = document.querySelector("[data-stored-days]");
  const papers = document.querySelector("[data-stored-papers]");
  const language = new URLSearchParams(location.search).get("lang");
  for (const key of keys) {
    const pages = await caches.open(key);
    for (const request of await pages.keys()) {
      const address = new URL(request.url);
      if (address.searchParams.get("lang") !== language || papers.children.length >= LISTED) continue;
      const isDay = address.pathname === "/" && address.searchParams.has("date") && !address.searchParams.has("after");
      if (!isDay && !address.pathname.startsWith("/p/")) continue;
      const answer = await pages.match(request, { ignoreVary: true });
      (isDay ? days : papers).append(line(address, answer));
    }
  }
  const isEmpty = !days.children.length && !papers.children.length;
  document.querySelector(isEmpty ? "[data-stored-nothing]" : "[data-stored]").hidden = false;
}

sayStale();
if (document.querySelector("[data-offline]") && "caches" in window) list();
if (script && window.isSecureContext && "serviceWorker" in navigator) {
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
