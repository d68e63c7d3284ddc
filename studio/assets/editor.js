// Turns each <textarea data-editor="yaml"> into a CodeMirror editor. The textarea stays in the form
// and always holds the editor's text, so saving is an ordinary POST.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  toggleTabFocusMode,
} from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { completion } from "./completion.js";
import { CHINESE_PHRASES, lang, words } from "./language.js";
import { offsetOf, placeOf } from "./positions.js";
import { problems } from "./problems.js";

// Every colour keeps 4.5:1 on white and on the active line.
const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "#0b4a8f" },
  { tag: [tags.string, tags.special(tags.string)], color: "#8a2a0b" },
  { tag: [tags.content, tags.literal], color: "#1b1f24" },
  { tag: [tags.comment, tags.lineComment], color: "#4d6350", fontStyle: "italic" },
  { tag: [tags.keyword, tags.typeName, tags.labelName], color: "#6b2a91" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "#4a5563" },
]);

// Marks are drawn with text and lines, not with data: images.
const mark = (sign) => ({ content: '""', "&::before": { content: `"${sign}"` } });
const THEME = EditorView.theme({
  "&": { fontSize: "0.9375rem", backgroundColor: "#fff", height: "100%" },
  "&.cm-focused": { outline: "3px solid #b65c00", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "#f4f6f8", color: "#4a5563", borderRight: "1px solid #d5dbe1" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "#eef4fb" },
  ".cm-lintRange": { backgroundImage: "none !important", textDecoration: "underline wavy 1px" },
  ".cm-lintRange-error": { textDecorationColor: "#b3261e" },
  ".cm-lintRange-warning": { textDecorationColor: "#8a5a00" },
  ".cm-lintRange-info": { textDecorationColor: "#0b4a8f" },
  ".cm-lint-marker": { fontWeight: "700", lineHeight: "1", textAlign: "center" },
  ".cm-lint-marker-error": { color: "#b3261e", ...mark("✕") },
  ".cm-lint-marker-warning": { color: "#8a5a00", ...mark("!") },
  ".cm-lint-marker-info": { color: "#0b4a8f", ...mark("i") },
  ".cm-tooltip": { maxWidth: "32rem", fontFamily: "var(--sans)", border: "1px solid #8795a3" },
  ".editor-hover": { padding: "0.35rem 0.6rem" },
  ".cm-completionDetail": { fontStyle: "normal", color: "#4a5563" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "#fff" },
  ".cm-panel.cm-search": { fontSize: "0.875rem", padding: "0.4rem 0.5rem" },
  ".cm-panel .cm-textfield": {
    width: "auto",
    minHeight: "2rem",
    padding: "0.15rem 0.4rem",
    fontSize: "0.875rem",
  },
  ".cm-panel .cm-button": { backgroundImage: "none", backgroundColor: "#fff", fontSize: "0.875rem" },
  ".cm-panel label input[type=checkbox]": { width: "1rem", height: "1rem", margin: "0 0.3rem" },
  ".cm-panels": { backgroundColor: "#f4f6f8", color: "#1b1f24" },
});

/** Saved or not, the caret's place and what Tab does: shown in words beside the editor. */
class Status {
  constructor(textarea, form) {
    this.node = form?.querySelector("[data-editor-status]");
    this.textarea = textarea;
    this.saved = textarea.value;
    this.isLeaving = false;
    this.caret = form?.querySelector("[data-editor-caret]");
    form?.addEventListener("submit", () => (this.isLeaving = true));
    window.addEventListener("beforeunload", (event) => this.guard(event));
  }

  get isDirty() {
    return this.textarea.value !== this.saved;
  }

  guard(event) {
    if (this.isDirty && !this.isLeaving) event.preventDefault();
  }

  show(view) {
    const { line, column } = placeOf(view.state.doc, view.state.selection.main.head);
    if (this.caret) this.caret.value = `${line}:${column}`;
    if (!this.node) return;
    const text = view.state.readOnly ? words.readOnly : this.isDirty ? words.unsaved : words.saved;
    const tab = view.state.readOnly || this.isTabFocus(view) ? words.tabMoves : words.tabIndents;
    this.node.textContent = [words.place(line, column), text, tab].join(" · ");
  }

  isTabFocus(view) {
    return view.dom.dataset.tab !== "indents";
  }
}

function save(form) {
  const button = form?.querySelector("[data-save]");
  if (!button || button.disabled) return false;
  form.requestSubmit(button);
  return true;
}

/** Ctrl+S saves from anywhere on the page, but never in the middle of an input method's word. */
function saveFromAnywhere(form) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const isSave = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (isSave && save(form)) event.preventDefault();
  });
}

function toggleTab(view) {
  toggleTabFocusMode(view);
  view.dom.dataset.tab = view.dom.dataset.tab === "indents" ? "moves" : "indents";
  return true;
}

function keys(form, status) {
  const refresh = (view) => toggleTab(view) && (status.show(view), true);
  return keymap.of([
    { key: "Mod-s", run: () => save(form), preventDefault: true },
    { key: "Ctrl-m", run: refresh },
    { mac: "Shift-Alt-m", run: refresh },
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...lintKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]);
}

/**
 * Typing over several selected lines: left to the browser, it would merge the lines with inline
 * styles, which the Content-Security-Policy forbids and reports.
 */
const typeOverLines = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const { from, to } = state.selection.main;
    const isTyping = event.inputType === "insertText" && event.data && !event.isComposing;
    const isOneLine = state.doc.lineAt(from).to >= to;
    if (!isTyping || isOneLine || state.readOnly) return false;
    const insert = () =>
      state.update(state.replaceSelection(event.data), { userEvent: "input.type" });
    const handlers = state.facet(EditorView.inputHandler);
    const isHandled = handlers.some((handle) => handle(view, from, to, event.data, insert));
    if (!isHandled) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

function follow(textarea, status) {
  return EditorView.updateListener.of((update) => {
    if (update.docChanged) textarea.value = update.state.doc.toString();
    if (update.docChanged || update.selectionSet) status.show(update.view);
  });
}

function extensions(textarea, form, status) {
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.content;
  const { checkUrl, schemaUrl, path } = textarea.dataset;
  const label = textarea.labels?.[0]?.textContent.trim() || words.editor;
  const node = document.querySelector("[data-problems]");
  return [
    nonce ? EditorView.cspNonce.of(nonce) : [],
    lang === "zh" ? EditorState.phrases.of(CHINESE_PHRASES) : [],
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
    EditorState.readOnly.of(textarea.readOnly || textarea.disabled),
    [lineNumbers(), foldGutter(), highlightActiveLineGutter(), highlightActiveLine()],
    [highlightSpecialChars(), drawSelection(), history(), indentOnInput(), bracketMatching()],
    [closeBrackets(), search({ top: true }), highlightSelectionMatches(), indentUnit.of("  ")],
    [yaml(), syntaxHighlighting(COLOURS), THEME, EditorView.lineWrapping],
    schemaUrl ? completion(schemaUrl) : [],
    checkUrl ? problems(checkUrl, path ?? "", node) : [],
    typeOverLines,
    keys(form, status),
    follow(textarea, status),
  ];
}

function goToFragment(view) {
  const match = /^#L(\d+)(?::(\d+))?$/u.exec(location.hash);
  if (match) goTo(view, match);
}

/** Where the server wants the caret: at the first error of a refused save. */
function goToCaret(view, place) {
  const match = /^(\d+):(\d+)$/u.exec(place ?? "");
  if (match) goTo(view, match);
  else goToFragment(view);
}

function goTo(view, match) {
  const anchor = offsetOf(view.state.doc, Number(match[1]), Number(match[2] ?? 1));
  const effects = EditorView.scrollIntoView(anchor, { y: "center" });
  view.dispatch({ selection: { anchor }, effects });
  view.focus();
}

function attach(textarea) {
  const { form } = textarea;
  const status = new Status(textarea, form);
  const frame = document.createElement("div");
  frame.className = "editor-frame";
  const view = new EditorView({
    state: EditorState.create({
      doc: textarea.value,
      extensions: extensions(textarea, form, status),
    }),
    parent: frame,
  });
  textarea.hidden = true;
  textarea.after(frame);
  for (const label of textarea.labels ?? []) label.addEventListener("click", () => view.focus());
  view.setTabFocusMode(true);
  saveFromAnywhere(form);
  status.show(view);
  goToCaret(view, textarea.dataset.caret);
  window.addEventListener("hashchange", () => goToFragment(view));
}

for (const textarea of document.querySelectorAll('textarea[data-editor="yaml"]')) attach(textarea);
