// What the applicants' pages do with a script; each of them works without it.

import htmx from "htmx.org/dist/htmx.esm.js";

import { words } from "./language.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0, // what somebody typed stays out of the browser's store
  selfRequestsOnly: true,
  // 409, 422: what stands against it, in words. Anything else that failed is told beside the form.
  responseHandling: [
    { code: "[23]..", swap: true },
    { code: "409", swap: true },
    { code: "422", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

const turns = new WeakMap(); // form → how often it was sent
const sent = new WeakMap(); // form → what was in it then

const answersOf = (form) => {
  const data = new FormData(form);
  data.delete("turn");
  return String(new URLSearchParams(data));
};

function nextTurn(form) {
  const turn = (turns.get(form) ?? 0) + 1;
  turns.set(form, turn);
  return turn;
}

function tell(form, text) {
  const place = document.querySelector(form.dataset.autosave ?? "");
  if (!place) return;
  place.className = "flash flash-error";
  place.textContent = text;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  Object.assign(detail.headers, { "X-CSRFToken": token, "X-Requested-With": "fetch" });
  const form = detail.elt;
  if (!form.matches("[data-autosave]")) return;
  detail.parameters.turn = nextTurn(form);
  sent.set(form, answersOf(form));
});

// What was typed since the request was sent must not be overwritten: then it is asked anew.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!form?.matches?.("[data-autosave]") || !event.detail.shouldSwap) return;
  if (isComposing || answersOf(form) !== sent.get(form)) {
    event.detail.shouldSwap = false;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

let isComposing = false;
document.addEventListener("compositionstart", () => (isComposing = true));
document.addEventListener("compositionend", () => (isComposing = false));

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    const form = detail.elt;
    if (form.matches("[data-autosave]")) {
      tell(form, words.failed);
    } else if (form.matches("[data-upload]")) {
      showProgress(form, null);
      const line = form.querySelector(".field-error") ?? document.createElement("p");
      line.className = "field-error";
      line.setAttribute("role", "alert");
      line.textContent = detail.xhr?.status === 413 ? words.tooLarge : words.failed;
      form.prepend(line);
    }
  });
}

// A page that is left by its button is the last word: a request still under way is older.
document.addEventListener("submit", ({ target }) => {
  const turn = target.matches("[data-autosave]") && target.elements.turn;
  if (turn) turn.value = nextTurn(target);
});

function showProgress(form, share) {
  const bar = form.querySelector("progress");
  if (!bar) return;
  bar.hidden = share === null;
  bar.value = share ?? 0;
}

document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  if (target.matches?.("[data-upload]") && detail.lengthComputable) {
    showProgress(target, (100 * detail.loaded) / detail.total);
  }
});

function focusOn(root) {
  root.querySelector("[data-focus]")?.focus();
}

document.addEventListener("htmx:afterSettle", ({ detail }) => focusOn(detail.target ?? document));
focusOn(document);
