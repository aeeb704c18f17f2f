// Searching: recent searches, a mode that is tried at once, and the caret where a query cannot be read.
// Without this file a search is a form, and nothing is remembered. What is remembered stays in the browser.

const KEY = "hub.searches";
const MOST = 20;
const form = document.querySelector("form[data-finder]");
const box = form?.querySelector("[data-search]");

/** Read the recent searches, newest first; anything that is no list of texts counts for nothing. */
function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string" && one).slice(0, MOST) : [];
  } catch {
    return []; // no storage, or not ours
  }
}

function keep(searches) {
  try {
    if (searches.length) localStorage.setItem(KEY, JSON.stringify(searches));
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that stores nothing, or has no room: the searches are not remembered, and all else works.
  }
}

function remember(query) {
  keep([query, ...recent().filter((one) => one !== query)].slice(0, MOST));
}

/** Show the recent searches: under the box while it is typed into, and as a list where nothing was asked yet. */
function offer() {
  const searches = recent();
  const list = document.createElement("datalist");
  list.id = "recent-searches";
  list.append(...searches.map((query) => Object.assign(document.createElement("option"), { value: query })));
  form.append(list);
  box.setAttribute("list", list.id);
  const section = document.querySelector("[data-recent]");
  if (!section || !searches.length) return;
  section.querySelector("ul").append(...searches.map((query) => {
    const address = new URL(location.href);
    address.searchParams.set("q", query);
    const entry = document.createElement("li");
    entry.append(Object.assign(document.createElement("a"), { href: address.pathname + address.search, textContent: query }));
    return entry;
  }));
  section.querySelector("button").addEventListener("click", () => {
    keep([]);
    list.replaceChildren();
    section.hidden = true;
    box.focus();
  });
  section.hidden = false;
}

if (form) {
  if (form.dataset.remember) remember(form.dataset.remember);
  offer();
  form.querySelector(".modes").addEventListener("change", () => { if (box.value.trim()) form.requestSubmit(); });
  if (box.dataset.column) {
    // A column is counted in characters, a selection in halves of those that are written with two.
    const place = (characters) => [...box.value].slice(0, characters).join("").length;
    const start = Number(box.dataset.column);
    box.focus();
    box.setSelectionRange(place(start), place(start + Number(box.dataset.length)));
  }
}
