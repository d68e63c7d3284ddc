import assert from "node:assert/strict";
import { test } from "node:test";

import { keysAround, placeAt } from "../yaml-place.js";

/** The place at the mark ‸ in a text. */
function at(marked) {
  const offset = marked.indexOf("‸");
  return placeAt(marked.replace("‸", ""), offset);
}

const cases = [
  ["‸", "key", [], ""],
  ["matter: x\ntit‸", "key", [], "tit"],
  ["matter: x\ntitle: 公‸", "value", ["title"], "公"],
  ["facts:\n  面积: {type: dec‸", "value", ["facts", "面积", "type"], "dec"],
  ["facts:\n  面积: {type: decimal, un‸", "key", ["facts", "面积"], "un"],
  ["facts:\n  面积: {type: decimal, unit: m²}\n  ‸", "key", ["facts"], ""],
  ["facts:\n  面积:\n    ty‸", "key", ["facts", "面积"], "ty"],
  ["criteria:\n  - id: a\n    req‸", "key", ["criteria", 0], "req"],
  ["criteria:\n  - id: a\n  - id: b\n    require: 营‸", "value", ["criteria", 1, "require"], "营"],
  ["criteria:\n- id: a\n- ‸", "key", ["criteria", 1], ""],
  ["criteria:\n- id: a\nta‸", "key", [], "ta"],
  ["criteria:\n  ‸", "key", ["criteria"], ""],
  ["a:\n  b: |\n    some text: ‸\n", "value", ["a", "b"], "some text: "],
  ["a:\n  b: |\n    text\n  ‸", "key", ["a"], ""],
  ["a: [x, y‸", "value", ["a", 1], "y"],
  ["a:\n  - {b: 1,\n     c‸", "key", ["a", 0], "c"],
  ["rows:\n  - {场所类型: '\"理‸", "value", ["rows", 0, "场所类型"], "'\"理"],
  ["a: \"x: {y‸", "value", ["a"], '"x: {y'],
  ["one: 1\n---\ntwo‸", "key", [], "two"],
  ["when: [{is: 申请人, as: p}, {is: 证照, where: {类‸", "key", ["when", 1, "where"], "类"],
  ["a: {b: [1, 2], c: ‸", "value", ["a", "c"], ""],
  ["a: x\r\nb:\r\n  c‸", "key", ["b"], "c"],
  ["url: http://x‸", "value", ["url"], "http://x"],
];

for (const [text, role, path, word] of cases) {
  test(`place in ${JSON.stringify(text)}`, () => {
    const place = at(text);
    assert.deepEqual({ role: place.role, path: place.path, word: place.word.trimStart() },
      { role, path, word });
    assert.equal(place.from + place.word.length, text.indexOf("‸"));
  });
}

test("inside a comment there is no place", () => {
  for (const text of ["# a‸", "a: b # c‸", "a: {b: 1 # c‸", "  # ‸"]) assert.equal(at(text), null);
});

test("keys are found with their paths, in their own document only", () => {
  const text = "x: 1\n---\na:\n  - b: 1\n    c: {d: 2}\ne: 3\n---\nf: 1";
  const found = keysAround(text, text.indexOf("d: 2")).map(({ key, path }) => [...path, key]);
  assert.deepEqual(found, [["a"], ["a", 0, "b"], ["a", 0, "c"], ["a", 0, "c", "d"], ["e"]]);
  for (const { key, from } of keysAround(text, 12)) assert.ok(text.slice(from).startsWith(key));
});

test("no text, however broken, throws or hangs", () => {
  const signs = "a营:{}[],-#'\"|> \n\t&!?*";
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 3000; round += 1) {
    const text = Array.from({ length: random(40) }, () => signs[random(signs.length)]).join("");
    for (const offset of [0, random(text.length + 1), text.length]) {
      placeAt(text, offset);
      keysAround(text, offset);
    }
  }
});
