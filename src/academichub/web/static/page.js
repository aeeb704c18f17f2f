// Keys for readers. Everything here is also a link or a button on the page; without this file nothing is lost.

const toast = document.querySelector(".toast");
let toastTimer = 0;

/** Say something, for eyes and for screen readers, for a few seconds; longer where it can be taken back. */
function say(text, canUndo = false) {
  toast.textContent = text;
  if (canUndo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = toast.dataset.saysUndo;
    button.addEventListener("click", undo);
    toast.append(button);
  }
  clearTimeout(toastTimer);
  toastTimer = setTimeout(hush, canUndo ? 8000 : 4000);
}

/** Be quiet again, but not while a reader is about to press the button. */
function hush() {
  if (toast.matches(":hover, :focus-within")) toastTimer = setTimeout(hush, 2000);
  else toast.textContent = "";
}

// Other scripts of the page ask by events: they are files with addresses of their own, and import nothing.
document.addEventListener("hub:say", (event) => say(event.detail.text, event.detail.canUndo));

const articles = [...document.querySelectorAll(".feed article")];

/** The article that has the focus, or holds it. */
function here() {
  return document.activeElement?.closest?.(".feed article") ?? null;
}

/** Move the real focus, so that screen readers follow. */
function step(by) {
  if (!articles.length) return;
  const place = articles.indexOf(here());
  const next = place < 0 ? firstInSight(by) : place + by;
  if (next < 0) return say(toast.dataset.saysFirst);
  if (next >= articles.length) {
    const more = document.querySelector(".more a");
    return more ? more.focus() : say(toast.dataset.saysLast);
  }
  articles[next].focus({ preventScroll: true });
  articles[next].scrollIntoView({ block: "start" });
}

/** The paper that keys are about: the card with the focus, or the paper that the page is of. */
function paper() {
  return here() ?? document.querySelector(".sheet");
}

/** Where to begin when no article has the focus: the first one that is not above the window. */
function firstInSight(by) {
  const place = articles.findIndex((article) => article.getBoundingClientRect().top > -1);
  if (place < 0) return articles.length - 1;
  return by > 0 ? place : Math.max(place - 1, 0);
}

function follow(link) {
  if (link) location.assign(link.href);
  return Boolean(link);
}

function original(isHere) {
  const link = paper()?.querySelector("a.orig");
  if (link && isHere) location.assign(link.href);
  else if (link) window.open(link.href, "_blank", "noopener,noreferrer");
}

function unfold() {
  const article = here();
  if (article?.closest(".compact")) article.toggleAttribute("data-open");
}

/** Show or hide a model's translation of the abstract. */
function translate() {
  const translation = paper()?.querySelector("details.ai-abstract");
  if (translation) translation.open = !translation.open;
}

/** Turn a mark of the paper round. */
function mark(name) {
  paper()?.querySelector(`.mark[data-mark="${name}"]`)?.click();
}

function readAndOn() {
  mark("read");
  if (here()) step(1);
}

/** Ask another script of this page for something. Gives false where it was taken care of. */
function ask(name, detail) {
  return document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
}

function search() {
  const box = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]");
  box?.focus();
  box?.select();
}

/** Press a button of the article with the focus, as a reader would; the page then says what it did. */
function press(selector) {
  here()?.querySelector(selector)?.click();
}

/** Open the reasons for less of a paper, and go to the first. */
function less() {
  const reasons = here()?.querySelector("details.less");
  if (!reasons) return;
  reasons.open = true;
  reasons.querySelector("button").focus();
}

/** Take back what was said of the paper with the focus, what was done last on this page, or what led to it. */
function undo() {
  const said = here()?.querySelector("button.undo");
  if (said) return said.click();
  if (!ask("hub:undo")) return;
  const button = document.querySelector(".notice button.undo");
  if (button) button.click();
  else say(toast.dataset.saysNothing);
}

function day(which) {
  if (!follow(document.querySelector(`a[data-day="${which}"]`))) say(toast.dataset.saysNoDay);
}

/** Show the list of keys that the about page has. */
async function help() {
  let dialog = document.querySelector("dialog.help");
  if (!dialog) {
    const about = document.querySelector('.nav a[href^="/about"]');
    const answer = await fetch(about.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const keys = page.querySelector("#keys");
    if (!keys || document.querySelector("dialog.help")) return;
    keys.removeAttribute("id");
    dialog = document.createElement("dialog");
    dialog.className = "help";
    const heading = keys.querySelector("h2");
    heading.id = "help-title";
    dialog.setAttribute("aria-labelledby", heading.id);
    const close = document.createElement("button");
    close.className = "button";
    close.autofocus = true;
    close.textContent = toast.dataset.saysClose;
    close.addEventListener("click", () => dialog.close());
    dialog.append(keys, close);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
}

const places = {
  t: "/",
  r: "/radars",
  b: "/b",
  k: "/kept/starred",
  l: "/c",
  a: "/tags",
  d: "/calendar",
  h: "/sources",
  s: "/settings",
};

function go(key) {
  if (!(key in places)) return false;
  // A language in the address goes along, as in every link.
  const lang = new URL(document.querySelector(".brand").href).search;
  location.assign(places[key] + lang);
  return true;
}

const keys = {
  j: () => step(1),
  n: () => step(1),
  k: () => step(-1),
  p: () => step(-1),
  o: () => follow(here()?.querySelector("h2 a")),
  v: () => original(false),
  V: () => original(true),
  e: unfold,
  t: translate,
  s: () => mark("starred"),
  l: () => mark("later"),
  u: () => mark("read"),
  m: readAndOn,
  x: () => mark("hidden"),
  A: () => document.querySelector(".whole-day button")?.click(),
  "!": () => document.querySelector(".whole-day button")?.click(),
  y: () => ask("hub:copy", { paper: paper(), suffix: "bib" }),
  Y: () => ask("hub:copy", { paper: paper(), suffix: "md" }),
  "+": () => press("button.more-like"),
  "=": () => press("button.more-like"), // the same key without Shift on many keyboards
  "-": less,
  z: undo,
  "[": () => day("earlier"),
  "]": () => day("later"),
  "/": search,
  ".": () => ask("hub:palette"),
  "?": help,
};

let goingSince = 0; // when "g" was pressed, in milliseconds; 0 when it was not

function onKey(event) {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    ask("hub:palette");
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target;
  if (target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
  const key = event.key;
  if (goingSince && event.timeStamp - goingSince < 1500) {
    goingSince = 0;
    if (go(key)) event.preventDefault();
    return;
  }
  if (key === "g") {
    goingSince = event.timeStamp || 1;
    return;
  }
  // Enter opens the article itself; on a link or a button it keeps its own meaning.
  const action = key === "Enter" && target.matches?.(".feed article") ? keys.o : keys[key];
  if (!action) return;
  event.preventDefault();
  action();
}

/** Let Escape lead out of the search box, back to the card the reader came from. */
let cameFrom = null;
document.addEventListener("focusout", (event) => { cameFrom = event.target.closest?.(".feed article") ?? cameFrom; });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.matches?.("[data-search]")) return;
  event.target.blur();
  cameFrom?.focus({ preventScroll: true });
});

if (document.documentElement.dataset.keys === "on") {
  document.addEventListener("keydown", onKey);
  document.querySelector("[data-help]")?.removeAttribute("hidden");
}
