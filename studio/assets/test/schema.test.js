import assert from "node:assert/strict";
import { test } from "node:test";

import { describe, itemsOf, offeredKeys, offeredValues, schemasAt } from "../schema.js";

const schema = {
  $defs: {
    Basis: {
      type: "object",
      title: "Basis",
      properties: { law: { type: "string", description: "法律名称" }, quote: { type: "string" } },
    },
    Text: {
      type: "object",
      properties: { type: { const: "text" }, codes: { type: "string", description: "代码集" } },
    },
    Number: {
      type: "object",
      properties: { type: { const: "decimal" }, scale: { type: "integer" } },
    },
    Tree: { type: "object", properties: { child: { $ref: "#/$defs/Tree" } } },
  },
  type: "object",
  properties: {
    matter: { type: "string", description: "事项标识", description_en: "id of the matter" },
    level: { enum: ["县级", "市级", null] },
    public: { type: "boolean" },
    basis: { anyOf: [{ $ref: "#/$defs/Basis" }, { type: "null" }], description: "法律依据" },
    facts: {
      type: "object",
      additionalProperties: {
        oneOf: [{ $ref: "#/$defs/Text" }, { $ref: "#/$defs/Number" }],
        discriminator: { propertyName: "type" },
      },
    },
    criteria: { type: "array", items: { $ref: "#/$defs/Basis" } },
    tree: { $ref: "#/$defs/Tree" },
  },
  required: ["matter"],
};
const keys = (path, present = []) =>
  offeredKeys(schema, schemasAt(schema, path, () => present), present, "zh").map(({ key }) => key);

test("keys are offered at their place, without those already written", () => {
  assert.deepEqual(keys(["basis"]), ["law", "quote"]);
  assert.deepEqual(keys(["criteria", 4], ["law"]), ["quote"]);
  assert.deepEqual(keys(["tree", "child", "child"]), ["child"]);
  assert.deepEqual(keys(["nowhere"]), []);
});

test("alternatives narrow to those that know the keys written", () => {
  assert.deepEqual(keys(["facts", "面积"]), ["type", "codes", "scale"]);
  const present = (path) => (path.length === 2 ? ["type", "scale"] : []);
  const schemas = schemasAt(schema, ["facts", "面积"], present);
  assert.deepEqual(offeredKeys(schema, schemas, ["type"], "zh").map(({ key }) => key), ["scale"]);
});

test("values come from enum, const and boolean, never null", () => {
  assert.deepEqual(offeredValues(schemasAt(schema, ["level"])), ["县级", "市级"]);
  assert.deepEqual(offeredValues(schemasAt(schema, ["public"])), ["true", "false"]);
  assert.deepEqual(offeredValues(schemasAt(schema, ["facts", "x", "type"])), ["text", "decimal"]);
});

test("descriptions speak the language of the page, Chinese where there is no other", () => {
  assert.equal(describe(schemasAt(schema, ["matter"]), "en"), "id of the matter");
  assert.equal(describe(schemasAt(schema, ["basis"]), "en"), "法律依据");
  assert.equal(describe(schemasAt(schema, ["facts", "x", "scale"]), "zh"), "");
});

test("a list offers the keys of its items, and a key tells its shape", () => {
  const items = itemsOf(schema, schemasAt(schema, ["criteria"]));
  assert.deepEqual(offeredKeys(schema, items, [], "zh").map(({ key }) => key), ["law", "quote"]);
  const shapes = offeredKeys(schema, schemasAt(schema, []), [], "zh");
  assert.deepEqual(Object.fromEntries(shapes.map(({ key, shape }) => [key, shape])), {
    matter: "value", level: "value", public: "value", basis: "mapping", facts: "mapping",
    criteria: "list", tree: "mapping",
  });
});
