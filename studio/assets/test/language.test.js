import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.document = { documentElement: { lang: "zh-Hans" } };
const { CHINESE_PHRASES } = await import("../language.js");

/** Every phrase that the installed CodeMirror packages may say. */
function phrases() {
  const scope = new URL("../node_modules/@codemirror/", import.meta.url);
  const said = new Set();
  for (const name of readdirSync(scope)) {
    const source = readFileSync(new URL(`${name}/dist/index.js`, scope), "utf8");
    for (const [, inside] of source.matchAll(/phrase\(((?:[^()]|\([^()]*\))*)\)/gu)) {
      for (const [, text] of inside.matchAll(/"([^"]+)"/gu)) said.add(text);
    }
  }
  return [...said].sort();
}

test("each phrase of the editor has its Chinese, and none is left over", () => {
  assert.deepEqual(phrases(), Object.keys(CHINESE_PHRASES).sort());
});
