// Marks at once: a press shows before the hub has answered, and is taken back where it refuses.
// Without this file every mark is a form that leads back to its page.

const toast = document.querySelector(".toast").dataset;
const lang = new URL(document.querySelector(".brand").href).search;
const done = []; // what can be taken back, oldest first: { action, redraw }
let queue = Promise.resolve(); // answers come in the order of the presses

function say(text, canUndo = false) {
  document.dispatchEvent(new CustomEvent("hub:say", { detail: { text, canUndo } }));
}

/** Send a form's fields; give what the hub says. */
async function post(address, fields) {
  const answer = await fetch(address, { method: "POST", headers: { accept: "application/json" }, body: fields });
  const said = (answer.headers.get("content-type") ?? "").startsWith("application/json") ? await answer.json() : null;
  if (!said || (!answer.ok && answer.status !== 409)) throw new Error(`${answer.status} ${address}`);
  return { ...said, isDone: answer.ok };
}

/** Do one thing after the other; what fails is said, and undone on the page. */
function inTurn(work, onFailure) {
  queue = queue.then(work).catch(() => {
    onFailure?.();
    say(toast.saysFailed);
  });
  return queue;
}

// -- marks ------------------------------------------------------------------------------------

/** Draw a mark as set or not. */
function draw(button, isOn) {
  button.name = isOn ? "off" : "on";
  if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(isOn));
  const manner = { read: "is-read", hidden: "is-gone" }[button.dataset.mark];
  if (manner) button.closest("article").classList.toggle(manner, isOn);
}

function turn(button) {
  const isOn = button.name === "on";
  const fields = new URLSearchParams({ [button.name]: button.value });
  draw(button, isOn);
  inTurn(async () => {
    const answer = await post(button.form.action, fields);
    done.push({ action: answer.action, redraw: () => draw(button, !isOn) });
    say(answer.said, true);
    countAgain();
  }, () => draw(button, !isOn));
}

/** Mark every card of the day as read. */
function readAll(form) {
  const buttons = [...document.querySelectorAll('.mark[data-mark="read"][name="on"]')];
  for (const button of buttons) draw(button, true);
  const redraw = () => { for (const button of buttons) draw(button, false); };
  const fields = new URLSearchParams(new FormData(form));
  fields.set("do", "day");
  inTurn(async () => {
    const answer = await post(form.action, fields);
    done.push({ action: answer.action, redraw });
    say(answer.said, true);
    countAgain();
  }, redraw);
}

/** Take back what was done last on this page. */
function undo(event) {
  if (!done.length) return;
  event.preventDefault();
  const last = done.pop();
  inTurn(async () => {
    const answer = await post(`/marks${lang}`, new URLSearchParams({ do: "undo", action: last.action }));
    if (answer.isDone) last.redraw();
    say(answer.said);
    countAgain();
  }, () => done.push(last));
}

// -- what the page says of marks ----------------------------------------------------------------

async function freshPage() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

let countTimer = 0;

/** Count again what is unread, once the reader pauses. */
function countAgain() {
  if (!document.querySelector(".whole-day, .tally a")) return;
  clearTimeout(countTimer);
  countTimer = setTimeout(async () => {
    const fresh = (await freshPage().catch(() => null))?.querySelector(".tally");
    if (fresh) document.querySelector(".tally")?.replaceWith(document.adoptNode(fresh));
  }, 700);
}

/** Draw the marks as they are now: a page that comes back from the browser's memory shows those of then. */
async function drawAgain() {
  const page = await freshPage().catch(() => null);
  for (const form of page?.querySelectorAll("form.marks") ?? []) {
    const shown = document.querySelector(`form.marks[action="${CSS.escape(form.getAttribute("action"))}"]`);
    for (const fresh of form.querySelectorAll(".mark")) {
      const button = shown?.querySelector(`[data-mark="${fresh.dataset.mark}"]`);
      if (button) draw(button, fresh.name === "off");
    }
  }
}

addEventListener("pageshow", (event) => { if (event.persisted) drawAgain(); });

// -- a paper's own page ---------------------------------------------------------------------------

/** Opening a paper reads it: said by a form's way, for a page that is only asked for changes nothing. */
function readHere() {
  const button = document.querySelector('.sheet .mark[data-mark="read"]');
  const cameByForm = new URLSearchParams(location.search).has("done");
  if (button?.name !== "on" || cameByForm) return;
  post(button.form.action, new URLSearchParams({ on: "read" })).then(() => draw(button, true), () => {});
}

if (document.visibilityState === "visible") readHere();
else document.addEventListener("visibilitychange", readHere, { once: true });

async function preview(form) {
  const shown = form.querySelector(".preview");
  const fields = new FormData(form);
  fields.set("do", "preview");
  try {
    const answer = await post(form.action, fields);
    shown.innerHTML = answer.html; // made safe by the hub, as the note itself
    shown.hidden = false;
  } catch {
    say(toast.saysFailed);
  }
}

// -- copying --------------------------------------------------------------------------------------

/** Put a text that is still to come on the clipboard; where the browser has none to offer, select it. */
async function copy(coming, label) {
  try {
    if (navigator.clipboard && window.ClipboardItem) {
      const blob = coming.then((text) => new Blob([text], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else {
      copyOldWay(await coming); // on plain http in a local network there is no clipboard
    }
    say(`${toast.saysCopied} ${label}`);
  } catch {
    say(toast.saysNotCopied);
  }
}

function copyOldWay(text) {
  const box = document.createElement("textarea");
  const before = document.activeElement;
  box.value = text;
  box.className = "vh";
  document.body.append(box);
  box.select();
  const isCopied = document.execCommand("copy");
  box.remove();
  before?.focus?.({ preventScroll: true });
  if (!isCopied) throw new Error("not copied");
}

async function fileOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.text();
}

const LABELS = { bib: "BibTeX", md: "Markdown" };

document.addEventListener("hub:copy", (event) => {
  const work = event.detail.paper?.dataset.work;
  if (work) copy(fileOf(`/p/${work}.${event.detail.suffix}`), LABELS[event.detail.suffix]);
});

// -- listening --------------------------------------------------------------------------------------

document.addEventListener("hub:undo", undo);
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  const act = form.matches(".marks") && button ? () => turn(button)
    : form.matches(".whole-day") ? () => readAll(form)
    : form.matches(".note form") && button?.value === "preview" ? () => preview(form)
    : null;
  if (!act) return;
  event.preventDefault();
  act();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-copy]");
  const plain = event.target.closest?.("[data-copy-text]");
  if (plain) copy(Promise.resolve(plain.dataset.copyText), plain.textContent);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  copy(fileOf(link.href), link.textContent);
});
for (const button of document.querySelectorAll("[data-copy-text]")) button.hidden = false;
