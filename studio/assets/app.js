// Small conveniences of every page; each page works without them.

import { words } from "./language.js";

const LIVE_DELAY = 300; // milliseconds after the last change

const find = (selector) => (selector ? document.querySelector(selector) : null);

function flash(text) {
  const node = document.createElement("p");
  node.className = "flash flash-error";
  node.setAttribute("role", "alert");
  node.textContent = text;
  return node;
}

function bodyOf(form, submitter) {
  const data = new FormData(form, submitter);
  const extra = find(form.dataset.with);
  if (extra) data.set(extra.name, extra.value);
  return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
}

async function post(form, url, { signal, submitter, isAccepted }) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const response = await fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
    body: bodyOf(form, submitter),
    signal,
  });
  if (!isAccepted(response.status)) throw new Error(`status ${response.status}`);
  return response.text();
}

/** Puts the server's HTML in place, and the focus and caret back where they were. */
function swap(target, html) {
  const focused = target.contains(document.activeElement) ? document.activeElement : null;
  const caret = focused?.selectionStart;
  target.innerHTML = html;
  const again = focused?.id ? document.getElementById(focused.id) : null;
  again?.focus({ preventScroll: true });
  if (again && typeof caret === "number") again.setSelectionRange(caret, caret);
}

/** One form posting into one target at a time: a newer request ends the older. */
class Exchange {
  constructor(form) {
    this.form = form;
    this.running = new AbortController();
  }

  /** Resolves to whether the answer was put in place; a failure is said in the target itself. */
  async show(url, target, submitter) {
    const isAccepted = (status) => status < 500; // what is wrong with the form is an answer, too
    const html = await this.ask(url, target, { submitter, isAccepted });
    if (html === undefined) return false;
    if (html === null) target.replaceChildren(flash(words.failed));
    else swap(target, html);
    return true;
  }

  /** Resolves to the answer: null when there was none, undefined when a newer request ended it. */
  async ask(url, target, options) {
    this.running.abort();
    this.running = new AbortController();
    const { signal } = this.running;
    target.setAttribute("aria-busy", "true");
    try {
      const html = await post(this.form, url, { ...options, signal });
      if (!signal.aborted) return html;
    } catch (error) {
      console.warn("no answer:", error);
      if (!signal.aborted) return null;
    } finally {
      if (!signal.aborted) target.removeAttribute("aria-busy");
    }
    return undefined;
  }
}

function clearMarks(form) {
  for (const line of form.querySelectorAll("[data-complaint]")) line.remove();
  for (const control of form.querySelectorAll("[data-complained]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("data-complained");
  }
}

/** Says each complaint of the summary at its field, too. */
function markFields(form, target) {
  clearMarks(form);
  for (const link of target.querySelectorAll('.error-summary a[href^="#"]')) {
    const name = decodeURIComponent(link.hash.slice(1));
    const control = document.getElementById(name);
    if (!control || !form.contains(control)) continue;
    document.getElementById(`${name}-error`)?.remove();
    const line = document.createElement("p");
    line.className = "field-error";
    line.id = `${name}-error`;
    line.dataset.complaint = "";
    line.textContent = link.parentElement.lastChild.textContent.replace(/^(?:：|: ?)/u, "");
    control.closest(".field-unit-wrap, .field:not(fieldset, [role])")?.append(line);
    if (!line.isConnected) control.append(line);
    control.setAttribute("data-complained", "");
    if (control.matches("input, select, textarea")) control.setAttribute("aria-invalid", "true");
  }
}

/** Names each cell by its column, so that a narrow screen can show rows as cards. */
function nameCells(table) {
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  for (const row of table.tBodies[0].rows) {
    for (const [index, cell] of [...row.cells].entries()) {
      if (index > 0 && cell.textContent.trim()) cell.dataset.label = heads[index];
    }
  }
  table.classList.add("as-cards");
}

function swapOnSubmit(form) {
  const exchange = new Exchange(form);
  form.addEventListener("submit", async (event) => {
    const target = find(form.dataset.swap);
    if (!target) return;
    event.preventDefault();
    const url = event.submitter?.getAttribute("formaction") ?? form.action;
    if (!(await exchange.show(url, target, event.submitter))) return;
    markFields(form, target);
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  });
}

/**
 * Asks for the fields anew after a change. What was typed since the question was sent, or is being
 * composed by an input method, must not be overwritten: then the answer is dropped, and asked anew.
 * Without an answer the fields stay as they are.
 */
function followChanges(form) {
  const exchange = new Exchange(form);
  let waiting = 0;
  let isComposing = false;

  function askSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, LIVE_DELAY);
  }

  async function ask() {
    const target = find(form.dataset.liveSwap);
    if (!target) return;
    const sent = String(bodyOf(form));
    const isAccepted = (status) => status === 200;
    const html = await exchange.ask(form.dataset.live, target, { isAccepted });
    if (!html) return;
    if (isComposing || String(bodyOf(form)) !== sent) askSoon();
    else swap(target, html);
  }

  form.addEventListener("change", askSoon);
  form.addEventListener("compositionstart", () => (isComposing = true));
  form.addEventListener("compositionend", () => (isComposing = false));
  // Answered before this script ran, or restored by the browser on the way back.
  if ([...form.elements].some(isTouched)) askSoon();
}

function isTouched(control) {
  if (control instanceof HTMLSelectElement) {
    const wasNamed = [...control.options].some((option) => option.defaultSelected);
    const differs = (option, index) =>
      option.selected !== (wasNamed ? option.defaultSelected : index === 0);
    return !control.multiple && [...control.options].some(differs);
  }
  if (control.type === "radio" || control.type === "checkbox") {
    return control.checked !== control.defaultChecked;
  }
  return control.defaultValue !== undefined && control.value !== control.defaultValue;
}

function isTyping(target) {
  return target.isContentEditable || /^(?:input|select|textarea)$/iu.test(target.tagName);
}

function focusSearch(event) {
  const search = find("[data-search-key]");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (!search || event.key !== "/" || !isPlain || isTyping(event.target)) return;
  event.preventDefault();
  search.focus();
}

for (const table of document.querySelectorAll(".guide table")) nameCells(table);
for (const form of document.querySelectorAll("form[data-swap]")) swapOnSubmit(form);
for (const form of document.querySelectorAll("form[data-live]")) followChanges(form);
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
if (window.matchMedia("(min-width: 60em)").matches) {
  for (const details of document.querySelectorAll("[data-open-on-wide]")) details.open = true;
}
document.addEventListener("keydown", focusSearch);
