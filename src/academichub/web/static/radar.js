// Radars: a dot and its card light up together, and the preview follows what is typed.
// Without this file a dot is a link to its card, and the preview is a button.

// -- the plot and the list --------------------------------------------------------------------

/** Find the dot and the card of the paper that an event is about. */
function pair(event) {
  const one = event.target.closest?.(".dot[data-work], .ranked article[data-work]");
  return one ? document.querySelectorAll(`.dot[data-work="${one.dataset.work}"], .ranked article[data-work="${one.dataset.work}"]`) : [];
}

for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(begin, (event) => { for (const one of pair(event)) one.classList.add("lit"); });
  document.addEventListener(end, (event) => { for (const one of pair(event)) one.classList.remove("lit"); });
}

/** Give the focus to the card that the address names: after a form was taken, and from the plot. */
function arrive() {
  const id = decodeURIComponent(location.hash.slice(1));
  const card = id && document.getElementById(id)?.closest(".ranked article");
  if (card) card.focus({ preventScroll: true });
}

addEventListener("hashchange", arrive);
// Not before the page is there: a browser that goes to the place in the address takes the focus along.
if (document.readyState === "complete") arrive();
else addEventListener("load", () => requestAnimationFrame(arrive));

// -- the live preview -------------------------------------------------------------------------

const form = document.querySelector("form[data-preview]");
const PAUSE = 450; // milliseconds without a key before the preview is asked for
const LARGEST_LIVE = 1_000_000; // bytes; a larger library is sent when it is chosen, not at every key
let timer = 0;
let asking = null;

/** Ask for the page that the preview button would lead to, and take from it what may have changed. */
async function preview(withFile) {
  asking?.abort();
  const asked = asking = new AbortController();
  const shown = document.querySelector("#preview");
  const sent = new FormData(form);
  sent.set("do", "preview");
  sent.set("live", "1");
  if (!withFile && (sent.get("file")?.size ?? 0) > LARGEST_LIVE) return;
  shown.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (asked !== asking) return;
    const fresh = page.querySelector("#preview");
    if (fresh) shown.replaceChildren(...fresh.childNodes);
    for (const slot of form.querySelectorAll("[data-wrong]")) {
      const said = page.querySelector(`[data-wrong="${slot.dataset.wrong}"]`);
      if (said) slot.replaceChildren(...said.childNodes);
    }
    for (const name of ["text", "papers", "library", "name", "threshold", "rule", "authors", "quota"]) mark(name);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  } finally {
    if (asked === asking) shown.removeAttribute("aria-busy");
  }
}

/** Tie a field to what is said to be wrong with it. */
function mark(name) {
  const field = document.getElementById(name);
  const wrong = document.getElementById(`${name}-error`);
  const told = [`${name}-help`, `${name}-error`].filter((id) => document.getElementById(id));
  field?.toggleAttribute("aria-invalid", false);
  if (wrong) field?.setAttribute("aria-invalid", "true");
  if (told.length) field?.setAttribute("aria-describedby", told.join(" "));
  else field?.removeAttribute("aria-describedby");
}

if (form) {
  const isBegun = form.querySelector("#text").value || form.querySelector("#rule").value;
  if (isBegun && !document.querySelector("#preview .caught")) preview(true);
  const slider = form.querySelector("#threshold");
  const output = form.querySelector("output");
  form.addEventListener("input", (event) => {
    if (event.target === slider) {
      // Whole per cents, but for low thresholds, where tenths matter.
      slider.value = Number(slider.value).toFixed(slider.value < 10 ? 1 : 0);
      output.textContent = `${Number(slider.value)}%`;
    }
    clearTimeout(timer);
    timer = setTimeout(preview, PAUSE, event.target.type === "file");
  });
  // A step of the preview sets the slider; the page need not be made anew for it.
  document.querySelector("#preview").addEventListener("click", (event) => {
    const step = event.target.closest('button[name="at"]');
    if (!step) return;
    event.preventDefault();
    slider.value = step.value;
    output.textContent = `${slider.value}%`;
    preview(true);
  });
}
