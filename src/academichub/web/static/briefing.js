// Briefings: evidence where the eye is, and a page that grows while it is written.
// Without this file a citation is a link to its quote, and the page asks again by itself.

const brief = document.querySelector(".brief");
const says = brief?.dataset ?? {};
const hasKeys = document.documentElement.dataset.keys === "on";

/** Make an element with text and children. Text is only ever set as text. */
function make(tag, { text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  element.append(...children.filter(Boolean));
  return element;
}

// -- evidence -------------------------------------------------------------------------------------

/** Find what a citation leads to: its quote, where it has one of its own, and the reference it stands in. */
function lead(cite) {
  const target = document.getElementById(decodeURIComponent(cite.hash.slice(1)));
  const reference = target?.closest(".references > li");
  if (!reference) return null;
  return { reference, quote: target === reference ? null : target };
}

/** Set the evidence of a citation: title, the verbatim quote, what it is and where it stands. */
function setEvidence(found) {
  const title = found.reference.querySelector(".title");
  const head = make("p", { lang: title.lang }, make("span", { class: "num", text: `[${found.reference.value}]` }));
  const linked = title.querySelector("a");
  head.append(...(linked ?? title).cloneNode(true).childNodes);
  const parts = [head];
  if (found.quote) for (const part of found.quote.children) parts.push(part.cloneNode(true));
  else {
    const where = found.reference.querySelector(".where").cloneNode(true);
    for (const link of where.querySelectorAll("a")) link.remove();
    parts.push(make("small", {}, ...where.childNodes));
  }
  return { parts, open: linked?.getAttribute("href"), original: found.reference.querySelector(".orig")?.href };
}

let card = null; // the evidence card, made when it is first wanted
let opener = null; // the citation it is about
let timer = 0;

function openCard(cite) {
  clearTimeout(timer);
  const found = lead(cite);
  if (!found || opener === cite) return;
  closeCard();
  card ??= document.body.appendChild(make("div", { class: "evidence-card", id: "evidence-card", role: "dialog", "aria-label": says.saysEvidence, hidden: "" }));
  const { parts, open, original } = setEvidence(found);
  const close = make("button", { type: "button", text: says.saysClose });
  close.addEventListener("click", () => closeCard({ back: true }));
  const does = make("p", { class: "does" },
    open && make("a", { href: open, text: says.saysOpen }),
    original && make("a", { href: original, rel: "noopener noreferrer", text: says.saysOriginal }),
    make("a", { href: cite.hash, text: says.saysReference }), close);
  card.replaceChildren(...parts, does);
  card.hidden = false;
  opener = cite;
  cite.classList.add("lit");
  cite.setAttribute("aria-describedby", card.id);
  place(cite);
  light(found);
}

/** Put the card under the citation, or above it where there is no room below; a phone has a place for it. */
function place(cite) {
  card.removeAttribute("style");
  if (getComputedStyle(card).position === "fixed") return;
  const at = cite.getBoundingClientRect();
  const room = document.documentElement.clientWidth - card.offsetWidth - 16;
  const left = Math.max(16, Math.min(at.left - 24, room));
  const isBelow = at.bottom + card.offsetHeight + 12 < innerHeight || at.top < card.offsetHeight + 12;
  const top = isBelow ? at.bottom + 8 : at.top - card.offsetHeight - 8;
  card.style.left = `${left + scrollX}px`;
  card.style.top = `${top + scrollY}px`;
}

function closeCard({ back = false } = {}) {
  clearTimeout(timer);
  if (!opener) return;
  const cite = opener;
  opener = null;
  const held = card.contains(document.activeElement);
  card.hidden = true;
  cite.classList.remove("lit");
  cite.removeAttribute("aria-describedby");
  for (const one of document.querySelectorAll(".evidence .lit")) one.classList.remove("lit");
  if (back || held) cite.focus({ preventScroll: true });
}

const citeOf = (event) => event.target.closest?.("a.ref");

function listenForCitations() {
  let wasTouch = false;
  document.addEventListener("pointerdown", (event) => {
    wasTouch = event.pointerType === "touch";
    if (opener && !card.contains(event.target) && !citeOf(event)) closeCard();
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const cite = citeOf(event);
    clearTimeout(timer);
    if (cite) timer = setTimeout(openCard, opener ? 80 : 250, cite);
    else if (opener && !card.contains(event.target) && document.activeElement !== opener) timer = setTimeout(closeCard, 350);
  });
  document.addEventListener("focusin", (event) => {
    const cite = citeOf(event);
    if (cite && cite.matches(":focus-visible") && !wasTouch) openCard(cite);
    else if (opener && !cite && !card.contains(event.target)) closeCard();
  });
  document.addEventListener("keydown", () => { wasTouch = false; }, true);
  document.addEventListener("click", (event) => {
    const cite = citeOf(event);
    if (!cite) return;
    if (wasTouch && opener !== cite) { // the first touch opens the evidence; the card leads on
      event.preventDefault();
      openCard(cite);
      return;
    }
    closeCard();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opener) return;
    event.preventDefault();
    closeCard({ back: true });
  });
}

/** Give the focus to the quote that the address names, so that reading goes on from there. */
function arrive() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest(".references, .rest")) return;
  const fold = target.closest("details");
  if (fold) fold.open = true;
  if (target.matches("li")) {
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  }
}

// -- the panel and the table of contents ------------------------------------------------------------

const panel = brief?.querySelector(".evidence .shown");
let shownSection = null;

const sections = () => [...brief.querySelectorAll("main > section[id]")];

/** The section that is being read: the one that holds the focus, else the last that has reached the upper third. */
function current() {
  const all = sections();
  const held = document.activeElement?.closest?.("main > section[id]");
  if (held && held.getBoundingClientRect().bottom > 0 && held.getBoundingClientRect().top < innerHeight) return held;
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
  return (atEnd ? all : all.filter((one) => one.getBoundingClientRect().top < innerHeight / 3)).at(-1) ?? all[0] ?? null;
}

/** Show the evidence of the section that is being read, and mark the section in the contents. */
function follow({ isFresh = false } = {}) {
  const section = current();
  if (!section || (section === shownSection && !isFresh)) return;
  shownSection = section;
  for (const link of brief.querySelectorAll(".contents li a")) {
    if (link.hash === `#${section.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (section.id === "references" || !panel) return;
  const seen = new Set();
  const articles = [];
  for (const cite of section.querySelectorAll("a.ref")) {
    const found = seen.has(cite.hash) ? null : lead(cite);
    seen.add(cite.hash);
    if (found?.quote) articles.push(make("article", { "data-of": cite.hash }, ...setEvidence(found).parts));
  }
  if (articles.length) panel.replaceChildren(...articles);
}

/** Light up in the panel what the open card is about. */
function light(found) {
  const id = (found.quote ?? found.reference).id;
  const article = panel?.querySelector(`article[data-of="#${CSS.escape(id)}"]`);
  if (!article) return;
  article.classList.add("lit");
  const frame = panel.parentElement;
  if (frame.scrollHeight > frame.clientHeight) frame.scrollTop = article.offsetTop - frame.clientHeight / 3;
}

const toast = document.querySelector(".toast");
let toastTimer = 0;

function say(text) {
  toast.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.textContent = ""; }, 4000);
}

function step(by) {
  const all = sections();
  const at = all.indexOf(document.activeElement?.closest?.("main > section[id]") ?? (scrollY > 40 ? current() : null));
  const next = all[at + by];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

const keys = {
  j: () => step(1),
  n: () => step(1),
  k: () => step(-1),
  p: () => step(-1),
  e: () => say(brief.classList.toggle("plain-text") ? says.saysHidden : says.saysShown),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
  if (keys[event.key]) keys[event.key]();
}

/** Show the button that only a script can keep its word for. */
function revealPrint() {
  const button = brief.querySelector("[data-print]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// -- the live stream --------------------------------------------------------------------------------

// What each piece of the page was when it came, whatever was folded, lit or marked on it since.
const sources = new WeakMap();
const sourceOf = (one) => sources.get(one) ?? one.outerHTML ?? one.nodeValue;

/** Put a part that has come in the place of what stands there. What is the same stays, with its focus. */
function put(name, html) {
  const selector = `[data-part="${CSS.escape(name)}"]`;
  const old = brief.querySelector(selector);
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(selector);
  if (!old || !fresh) return;
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  for (const attribute of [...old.attributes]) if (!fresh.hasAttribute(attribute.name)) old.removeAttribute(attribute.name);
  for (const attribute of fresh.attributes) old.setAttribute(attribute.name, attribute.value);
  let at = old.firstChild;
  for (const one of [...fresh.childNodes]) {
    let same = at;
    while (same && sourceOf(same) !== sourceOf(one)) same = same.nextSibling;
    if (same) {
      while (at !== same) at = drop(at);
      at = same.nextSibling;
      continue;
    }
    const adopted = document.importNode(one, true);
    if (adopted.classList) {
      sources.set(adopted, adopted.outerHTML);
      if (name !== "contents" && name !== "head") adopted.classList.add("fresh");
    }
    old.insertBefore(adopted, at);
  }
  while (at) at = drop(at);
  if (name === "contents") revealPrint();
  if (held && !held.isConnected && held.hash) old.querySelector(`a[href="${CSS.escape(held.hash)}"]`)?.focus({ preventScroll: true });
}

function drop(one) {
  const next = one.nextSibling;
  one.remove();
  return next;
}

function listenToWriting(address) {
  const stream = new EventSource(address);
  const main = brief.querySelector("main");
  main.setAttribute("aria-busy", "true");
  for (const one of brief.querySelectorAll("[data-part] > *")) sources.set(one, one.outerHTML);
  const end = () => { stream.close(); main.removeAttribute("aria-busy"); };
  stream.addEventListener("part", (event) => {
    const { part, html } = JSON.parse(event.data);
    if (opener && brief.querySelector(`[data-part="${CSS.escape(part)}"]`)?.contains(opener)) closeCard();
    put(part, html);
    follow({ isFresh: true });
  });
  stream.addEventListener("done", () => { end(); say(says.saysDone); });
  stream.addEventListener("gone", () => { end(); location.assign("/b"); });
}

// -- the form of a new briefing ---------------------------------------------------------------------

const form = document.querySelector("form[data-order]");

/** Ask what the briefing would take, as the button does, while the reader chooses. */
function listenToForm() {
  let asking = null;
  let waiting = 0;
  async function estimate() {
    asking?.abort();
    const asked = asking = new AbortController();
    const sent = new URLSearchParams(new FormData(form));
    sent.set("do", "estimate");
    const shown = form.querySelector("#estimate");
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("#estimate");
      if (asked === asking && fresh) shown.replaceChildren(...fresh.childNodes);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      if (asked === asking) shown.removeAttribute("aria-busy");
    }
  }
  form.addEventListener("change", (event) => {
    if (event.target.closest(".regular")) return;
    clearTimeout(waiting);
    waiting = setTimeout(estimate, 250);
  });
  const zone = form.querySelector("#zone");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own && zone.value === zone.defaultValue && !form.querySelector(".regular[open]")) zone.value = own;
}

if (form) listenToForm();

if (brief) {
  listenForCitations();
  addEventListener("scroll", () => requestAnimationFrame(() => follow()), { passive: true });
  document.addEventListener("focusin", () => follow());
  addEventListener("hashchange", arrive);
  if (hasKeys) document.addEventListener("keydown", onKey);
  if (says.events) listenToWriting(says.events);
  revealPrint();
  follow();
  arrive();
}
