// The palette: go anywhere by typing. Without this file the same list is a page, and the head has the search box.

const says = document.querySelector(".toast").dataset;
const link = document.querySelector("a[data-palette]");
const MOST_SHOWN = 60;
const MOST_RECENT = 5;
let dialog = null;
let input = null;
let list = null;
let count = null;
let places = []; // { group, label, href, keys }

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** What was searched lately; anything else than a list of texts counts for nothing. */
function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem("hub.searches") ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string" && one).slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
}

function searchAddress(text) {
  const address = new URL("/search", location.href);
  address.searchParams.set("q", text);
  const lang = new URL(link.href).searchParams.get("lang");
  if (lang) address.searchParams.set("lang", lang);
  return address.href;
}

async function load() {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  places = [...page.querySelectorAll(".places section")].flatMap((section) => {
    const group = section.querySelector("h2").textContent;
    return [...section.querySelectorAll("a")].map((place) => {
      const keys = place.querySelector("kbd")?.textContent ?? "";
      place.querySelector("kbd")?.remove();
      return { group, label: place.textContent, href: place.getAttribute("href"), keys };
    });
  });
}

/** Rank a place for what was typed: 0 where it does not fit, more for a word's beginning. */
function fit(label, words) {
  const text = label.toLocaleLowerCase();
  let points = 1;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    points += at === 0 ? 3 : /[\s·:/-]/.test(text[at - 1]) ? 2 : 0;
  }
  return points;
}

/** List what fits, by kind: places, then searching for it; with nothing typed, the last searches first. */
function choices() {
  const typed = input.value.trim();
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const searches = recent()
    .filter((text) => !words.length || fit(text, words))
    .map((text) => ({ group: says.saysRecent, label: text, href: searchAddress(text), keys: "" }));
  const found = places
    .map((place, order) => ({ place, order, points: words.length ? fit(place.label, words) : 1 }))
    .filter(({ points }) => points)
    .sort((one, other) => other.points - one.points || one.order - other.order)
    .map(({ place }) => place);
  const asked = typed
    ? [{ group: says.saysSearch, label: `${says.saysSearch} “${typed}”`, href: searchAddress(typed), keys: "" }]
    : [];
  return [...(typed ? [] : searches), ...found, ...(typed ? searches : []), ...asked].slice(0, MOST_SHOWN);
}

function draw() {
  const shown = choices();
  const groups = Map.groupBy ? Map.groupBy(shown, ({ group }) => group) : grouped(shown);
  let number = 0;
  list.replaceChildren(...[...groups].map(([title, members], place) => element(
    "div", { role: "group", "aria-labelledby": `palette-group-${place}` },
    element("span", { id: `palette-group-${place}` }, title),
    ...members.map(({ label, href, keys }) => {
      const option = element("div", { role: "option", id: `palette-${number}`, "aria-selected": "false", "data-href": href }, element("span", {}, label));
      number += 1;
      if (keys) option.append(element("kbd", { "aria-hidden": "true" }, keys));
      return option;
    }),
  )));
  count.textContent = input.value ? `${says.saysFound} ${shown.length}` : "";
  choose(0);
}

function grouped(shown) {
  const groups = new Map();
  for (const one of shown) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

const options = () => [...list.querySelectorAll('[role="option"]')];

/** Make one option the chosen one; the focus stays where one types. */
function choose(place) {
  const all = options();
  for (const option of all) option.setAttribute("aria-selected", "false");
  const option = all.at(all.length ? place % all.length : 0);
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function follow(option) {
  if (!option) return;
  dialog.close();
  location.assign(option.dataset.href);
}

function onKey(event) {
  if (event.isComposing) return;
  const all = options();
  const place = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const moves = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: Math.min(place + 8, all.length - 1), PageUp: Math.max(place - 8, 0) };
  if (event.key in moves) {
    event.preventDefault();
    choose(moves[event.key]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    follow(all[place]);
  }
}

function build() {
  input = element("input", {
    type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
    "aria-label": says.saysType, placeholder: says.saysType, autocomplete: "off", spellcheck: "false",
  });
  list = element("div", { role: "listbox", id: "palette-list", "aria-label": says.saysPlaces });
  count = element("p", { class: "vh", role: "status" });
  dialog = element("dialog", { class: "palette", "aria-label": says.saysPlaces }, element("div", { class: "ask" }, input), list, count);
  input.addEventListener("input", draw);
  input.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => follow(event.target.closest('[role="option"]')));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
}

async function open() {
  if (dialog?.open) return dialog.close();
  if (!dialog) build();
  input.value = "";
  draw();
  dialog.showModal();
  input.focus();
  try {
    await load();
  } catch {
    return; // searching works without the list of places
  }
  if (dialog.open) draw();
}

document.addEventListener("hub:palette", open);
link?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open();
});
