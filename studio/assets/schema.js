// Reads a JSON Schema (as Pydantic writes it) at a path of keys: what may stand there, and why.

const MAX_DEPTH = 40; // a schema may refer to itself

function resolve(root, reference) {
  const parts = reference.replace(/^#\/?/u, "").split("/").filter(Boolean);
  const unescape = (part) => part.replaceAll("~1", "/").replaceAll("~0", "~");
  return parts.reduce((node, part) => node?.[unescape(part)], root) ?? {};
}

/** The schema and all it refers to or offers as alternatives, the outer words first. */
function alternatives(root, schema, depth = 0) {
  if (typeof schema !== "object" || schema === null || depth > MAX_DEPTH) return [];
  const { $ref, anyOf = [], oneOf = [], allOf = [] } = schema;
  const inner = [...($ref ? [resolve(root, $ref)] : []), ...anyOf, ...oneOf, ...allOf];
  return [schema, ...inner.flatMap((part) => alternatives(root, part, depth + 1))];
}

/** Of several kinds of mapping, those that know most of the keys already written. */
function bestMappings(schemas, present) {
  const score = ({ properties }) => present.filter((key) => properties && key in properties).length;
  const mappings = schemas.filter((schema) => schema.properties);
  const best = Math.max(0, ...mappings.map(score));
  const others = schemas.filter((schema) => !schema.properties);
  return [...mappings.filter((schema) => score(schema) === best), ...others];
}

function step(root, schemas, segment) {
  const isItem = typeof segment === "number";
  const below = ({ items, prefixItems, properties, additionalProperties }) => {
    if (isItem) return [prefixItems?.[segment] ?? items];
    if (properties && Object.hasOwn(properties, segment)) return [properties[segment]];
    return [additionalProperties];
  };
  return schemas.flatMap(below).flatMap((schema) => alternatives(root, schema));
}

/**
 * The schemas that hold at `path`. `presentAt(path)` gives the keys already written in the mapping
 * there, by which one of several alternatives is chosen.
 */
export function schemasAt(root, path, presentAt = () => []) {
  let schemas = bestMappings(alternatives(root, root), presentAt([]));
  path.forEach((segment, index) => {
    const present = presentAt(path.slice(0, index + 1));
    schemas = bestMappings(step(root, schemas, segment), present);
  });
  return schemas;
}

/** What a list at this place holds, if it is a list: the schemas of its items. */
export function itemsOf(root, schemas) {
  const items = schemas.filter(({ items }) => items);
  return items.flatMap((schema) => alternatives(root, schema.items));
}

export const isList = (schemas) => schemas.some(({ type, items }) => type === "array" || items);

const isMapping = (schemas) =>
  schemas.some(({ type, properties }) => type === "object" || properties);

/** The description of a place in one language, "" where the schema gives none. */
export function describe(schemas, lang) {
  const key = lang === "en" ? "description_en" : "description";
  const said = schemas.find((schema) => schema[key]) ?? schemas.find(({ description }) => description);
  return said?.[key] ?? said?.description ?? "";
}

/** The keys that may still be written: [{key, description, shape, isRequired}]. */
export function offeredKeys(root, schemas, present, lang) {
  const offered = new Map();
  for (const { properties = {}, required = [] } of schemas) {
    for (const [key, schema] of Object.entries(properties)) {
      if (present.includes(key) || offered.has(key)) continue;
      const inner = alternatives(root, schema);
      const shape = isList(inner) ? "list" : isMapping(inner) ? "mapping" : "value";
      const isRequired = required.includes(key);
      offered.set(key, { key, description: describe(inner, lang), shape, isRequired });
    }
  }
  return [...offered.values()];
}

/** The values the schema names: enum, const, booleans. */
export function offeredValues(schemas) {
  const named = schemas.flatMap((schema) => {
    if (schema.enum) return schema.enum;
    if ("const" in schema) return [schema.const];
    return schema.type === "boolean" ? [true, false] : [];
  });
  return [...new Set(named.filter((value) => value !== null).map(String))];
}
