// Completion and hover from the definition's JSON Schema and the names that FEEL may read.

import { autocompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";

import { lang } from "./language.js";
import { describe, isList, itemsOf, offeredKeys, offeredValues, schemasAt } from "./schema.js";
import { keysAround, placeAt } from "./yaml-place.js";

// The schema marks where FEEL is written ("x-tongban"); under these keys a fact's name stands alone.
const NAME_KEYS = new Set(["fact", "prefill"]);
const DETAIL = 26; // characters of a description that fit beside a key
const WORD = /[\p{L}\p{N}_]*$/u;
const RUN = /[\p{L}\p{N}_]+/gu;

const same = (a, b) => a.length === b.length && a.every((part, index) => part === b[index]);
const marked = (schemas, ...marks) => schemas.some((schema) => marks.includes(schema["x-tongban"]));

function presence(text, offset, written = "") {
  const keys = keysAround(text, offset).filter(({ from, key }) => from !== offset || key !== written);
  return (path) => keys.filter((found) => same(found.path, path)).map(({ key }) => key);
}

const nameDetail = (name) => name[`detail_${lang}`] || name.detail_zh || name.detail_en || "";

function nameOptions(names, suffix = "") {
  return names.map((name) => ({
    label: name.name,
    type: "variable",
    detail: nameDetail(name),
    apply: name.name + suffix,
  }));
}

function keyText({ key, shape }, place, prefix) {
  if (place.isFlow || shape === "value") return `${prefix}${key}: `;
  const indent = " ".repeat(place.column + prefix.length + 2);
  return `${prefix}${key}:\n${indent}${shape === "list" ? "- " : ""}`;
}

function keyOptions({ schema, names }, place, text) {
  const presentAt = presence(text, place.from, place.word);
  let schemas = schemasAt(schema, place.path, presentAt);
  const inList = isList(schemas);
  if (inList) schemas = itemsOf(schema, schemas);
  const prefix = inList ? "- " : "";
  const present = inList ? [] : presentAt(place.path);
  const options = offeredKeys(schema, schemas, present, lang).map((offer) => ({
    label: offer.key,
    type: "property",
    detail: offer.description.slice(0, DETAIL),
    info: offer.description.length > DETAIL ? offer.description : undefined,
    apply: keyText(offer, place, prefix),
    boost: offer.isRequired ? 1 : 0,
  }));
  return marked(schemas, "row") ? [...options, ...nameOptions(names, ": ")] : options;
}

function valueOptions({ schema, names }, place, text) {
  const schemas = schemasAt(schema, place.path, presence(text, place.from));
  const values = offeredValues(schemas).map((label) => ({ label, type: "enum" }));
  const key = place.path.findLast((part) => typeof part === "string");
  const parents = schemasAt(schema, place.path.slice(0, -1));
  const isName = NAME_KEYS.has(key) || marked(schemas, "expression", "cell");
  return isName || marked(parents, "row") ? [...values, ...nameOptions(names)] : values;
}

/** What CodeMirror's completion shows at a position, given the answer of the schema address. */
export function complete(knowledge, context) {
  const text = context.state.doc.toString();
  const place = placeAt(text, context.pos);
  if (!place) return null;
  const isKey = place.role === "key";
  const word = isKey ? place.word.trimStart() : WORD.exec(place.word)[0];
  if (!word && !context.explicit) return null;
  const options = (isKey ? keyOptions : valueOptions)(knowledge, place, text);
  return { from: context.pos - word.length, options, validFor: /^[\p{L}\p{N}_]*$/u };
}

/** The name under a position: {from, to, text}, or null. */
function explained({ schema, names }, doc, position) {
  const text = doc.toString();
  const key = keysAround(text, position).find(({ from, to }) => from <= position && position < to);
  if (key) {
    const schemas = schemasAt(schema, [...key.path, key.key], presence(text, position));
    const said = describe(schemas, lang);
    if (said) return { from: key.from, to: key.to, text: said };
  }
  const line = doc.lineAt(position);
  const runs = [...line.text.matchAll(RUN)];
  const run = runs.find(({ 0: word, index }) => {
    const from = line.from + index;
    return from <= position && position <= from + word.length;
  });
  const name = run && names.find((known) => known.name === run[0]);
  if (!name) return null;
  const from = line.from + run.index;
  return { from, to: from + run[0].length, text: `${name.name}：${nameDetail(name)}` };
}

function tooltip(knowledge, view, position) {
  const found = explained(knowledge, view.state.doc, position);
  if (!found) return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.className = "editor-hover";
    dom.textContent = found.text;
    return { dom };
  };
  return { pos: found.from, end: found.to, above: true, create };
}

/** Completion and hover; silent until `url` has answered, and if it never does. */
export function completion(url) {
  const knowledge = { schema: {}, names: [] };
  fetch(url, { headers: { Accept: "application/json" } })
    .then((response) => (response.ok ? response.json() : {}))
    .then((answer) => Object.assign(knowledge, answer))
    .catch((error) => console.warn("no completion:", error));
  return [
    autocompletion({
      override: [(context) => complete(knowledge, context)],
      compareCompletions: () => 0, // equals stay in the definition's own order
      icons: false,
    }),
    hoverTooltip((view, position) => tooltip(knowledge, view, position)),
  ];
}
