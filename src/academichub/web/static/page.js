// Keys for readers. Everything here is also a link or a button on the page; without this file nothing is lost.

const toast = document.querySelector(".toast");
let toastTimer = 0;

/** Say something, for eyes and for screen readers, for a few seconds. */
function say(text) {
  toast.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.textContent = ""; }, 4000);
}

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

function original() {
  const link = (here() ?? document.querySelector(".sheet"))?.querySelector("a.orig");
  if (link) window.open(link.href, "_blank", "noopener,noreferrer");
}

function unfold() {
  const article = here();
  if (article?.closest(".compact")) article.toggleAttribute("data-open");
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

/** Take back what was said of the paper with the focus, or what was said last. */
function undo() {
  (here()?.querySelector("button.undo") ?? document.querySelector(".notice button.undo"))?.click();
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

const pages = { t: "/", r: "/radars", b: "/b", h: "/sources", s: "/settings" };

function go(key) {
  if (!(key in pages)) return false;
  return follow([...document.querySelectorAll(".nav a")].find((link) => new URL(link.href).pathname === pages[key]));
}

const keys = {
  j: () => step(1),
  n: () => step(1),
  k: () => step(-1),
  p: () => step(-1),
  o: () => follow(here()?.querySelector("h2 a")),
  v: original,
  e: unfold,
  "+": () => press("button.more-like"),
  "=": () => press("button.more-like"), // the same key without Shift on many keyboards
  "-": less,
  z: undo,
  "[": () => day("earlier"),
  "]": () => day("later"),
  "?": help,
};

let goingSince = 0; // when "g" was pressed, in milliseconds; 0 when it was not

function onKey(event) {
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

if (document.documentElement.dataset.keys === "on") {
  document.addEventListener("keydown", onKey);
  document.querySelector("[data-help]")?.removeAttribute("hidden");
}
