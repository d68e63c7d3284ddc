// Where in a YAML text a position stands: the path of keys above it, and whether a key or a value
// is being written there. Reads broken and half-written text, which a parser would refuse.
// One forward pass over lines; flow collections, quotes and block scalars are followed across lines.

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#&*!|>'"%@`{}[\],?][^#:]*?|[^\s{}[\],"'#][^:]*?))\s*:(?=\s|$)/u;
const BLOCK_SCALAR = /^[|>][+-]?\d?[+-]?\s*(?:#.*)?$/u;
const PROPERTY = /^(?:[&!][^\s{}[\],]*\s+)+/u;
const DOCUMENT = /^(?:---|\.\.\.)(?:\s|$)/u;

const unquoted = (match) => match[1] ?? match[2] ?? match[3].trim();
const width = (text) => text.length - text.trimStart().length;

class Scan {
  constructor(visit = () => {}) {
    this.visit = visit;
    this.reset();
  }

  reset() {
    this.frames = []; // block collections around the place: {kind, indent, key, index}
    this.flow = []; // flow collections inside the innermost of them: {kind, key, index}
    this.quote = null; // the quote sign of an unfinished quoted text
    this.scalar = null; // the indent of the key that holds an unfinished block scalar
    this.word = { text: "", from: 0 };
    this.role = "key";
  }

  path() {
    const segment = (level) => (level.kind === "map" ? level.key : level.index);
    return [...this.frames, ...this.flow].map(segment).filter((part) => part !== null);
  }

  /** The path of the collection whose key or item is being written, without that key. */
  parentPath() {
    const innermost = this.flow.at(-1) ?? this.frames.at(-1);
    const path = this.path();
    return innermost?.kind === "map" && innermost.key !== null ? path.slice(0, -1) : path;
  }

  /** Takes in one whole line that starts at offset `from`. */
  line(line, from) {
    if (this.inScalar(line)) return;
    this.scalar = null;
    if (this.quote || this.flow.length) return this.inline(line, from);
    if (DOCUMENT.test(line)) return this.reset();
    this.block(line, from);
  }

  inScalar(line) {
    return this.scalar !== null && (line.trim() === "" || width(line) > this.scalar);
  }

  block(line, from) {
    let column = this.items(line);
    const rest = line.slice(column);
    this.role = "key";
    this.word = { text: rest, from: from + column };
    if (rest === "" || rest.startsWith("#")) return;
    const match = KEY.exec(rest);
    if (!match) {
      if (/^["'{[]/u.test(rest)) this.inline(rest, from + column);
      return;
    }
    this.enterMap(column, unquoted(match), from + column, match[0].length);
    this.value(rest.slice(match[0].length), from + column + match[0].length, column);
  }

  /** Opens and advances the sequences whose dashes begin the line; gives the column after them. */
  items(line) {
    let column = width(line);
    for (;;) {
      const dash = /^-(?:\s+|$)/u.exec(line.slice(column));
      if (!dash) return column;
      this.closeBeyond(column);
      const top = this.frames.at(-1);
      if (top?.kind === "seq" && top.indent === column) top.index += 1;
      else this.frames.push({ kind: "seq", indent: column, index: 0 });
      column += dash[0].length;
    }
  }

  closeBeyond(column) {
    while (this.frames.length && this.frames.at(-1).indent > column) this.frames.pop();
  }

  enterMap(column, key, from, length) {
    this.closeForKey(column);
    const top = this.frames.at(-1);
    if (top?.kind === "map" && top.indent === column) top.key = key;
    else this.frames.push({ kind: "map", indent: column, key });
    this.visit({ key, path: this.parentPath(), from, to: from + length });
  }

  closeForKey(column) {
    this.closeBeyond(column);
    const top = this.frames.at(-1);
    if (top?.kind === "seq" && top.indent === column) this.frames.pop();
  }

  value(text, from, indent) {
    const bare = text.trimStart().replace(PROPERTY, "");
    const start = from + text.length - bare.length;
    this.role = "value";
    this.word = { text: bare, from: start };
    if (BLOCK_SCALAR.test(bare)) this.scalar = indent;
    else if (/^["'{[]/u.test(bare)) this.inline(bare, start);
  }

  /** Follows quotes and flow collections, character by character. */
  inline(text, from) {
    if (!this.quote) this.startWord(from);
    for (let at = 0; at < text.length; at += 1) {
      const sign = text[at];
      if (this.quote) {
        if (sign === "\\" && this.quote === '"') at += 1;
        else if (sign === this.quote) this.quote = null;
        if (at < text.length) this.word.text += sign;
      } else if (sign === "#" && (at === 0 || /\s/u.test(text[at - 1]))) return this.comment();
      else this.sign(sign, text[at + 1], from + at);
    }
  }

  comment() {
    this.word = { text: "#", from: this.word.from };
  }

  startWord(from) {
    this.word = { text: "", from };
  }

  sign(sign, next, at) {
    const level = this.flow.at(-1);
    if (sign === "{" || sign === "[") this.open(sign, at);
    else if (level && (sign === "}" || sign === "]")) this.close(at);
    else if (level && sign === ",") this.nextEntry(level, at);
    else if (level?.kind === "map" && this.isColon(sign, next)) this.flowKey(level, at);
    else this.letter(sign, at);
  }

  isColon(sign, next) {
    const follows = next === undefined || /[\s,}\]"'[{]/u.test(next);
    return this.role === "key" && sign === ":" && follows;
  }

  letter(sign, at) {
    if (this.word.text.trim() === "") {
      if (sign === '"' || sign === "'") this.quote = sign;
      if (!/\s/u.test(sign)) this.startWord(at);
    }
    this.word.text += sign;
  }

  open(sign, at) {
    const isMap = sign === "{";
    this.flow.push(isMap ? { kind: "map", key: null } : { kind: "seq", index: 0 });
    this.role = isMap ? "key" : "value";
    this.startWord(at + 1);
  }

  close(at) {
    this.flow.pop();
    this.role = "value";
    this.startWord(at + 1);
  }

  nextEntry(level, at) {
    if (level.kind === "map") level.key = null;
    else level.index += 1;
    this.role = level.kind === "map" ? "key" : "value";
    this.startWord(at + 1);
  }

  flowKey(level, at) {
    level.key = this.word.text.trim().replace(/^(["'])(.*)\1$/u, "$2");
    this.visit({ key: level.key, path: this.parentPath(), from: this.word.from, to: at + 1 });
    this.role = "value";
    this.startWord(at + 1);
  }

  /** The place at the end of an unfinished line. */
  place(line, from) {
    if (this.inScalar(line) && width(line) > this.scalar) {
      const text = line.trimStart();
      return { role: "value", path: this.path(), word: text, from: from + line.length - text.length };
    }
    this.scalar = null;
    this.line(line, from);
    const { text } = this.word;
    if (/(?:^|\s)#/u.test(this.quote ? "" : text)) return null;
    if (this.role === "key" && !this.flow.length) return this.blockKey(line, from);
    const path = this.role === "key" ? this.parentPath() : this.path();
    return { role: this.role, path, word: text, from: this.word.from, isFlow: this.flow.length > 0 };
  }

  blockKey(line, from) {
    const column = this.word.from - from;
    this.closeForKey(column);
    const top = this.frames.at(-1);
    const isSibling = top?.kind === "map" && top.indent === column;
    const path = isSibling ? this.parentPath() : this.path();
    return { role: "key", path, word: this.word.text, from: this.word.from, column, isFlow: false };
  }
}

function scan(text, end, visit) {
  const state = new Scan(visit);
  let from = 0;
  for (;;) {
    const to = text.indexOf("\n", from);
    if (to === -1 || to >= end) return { state, from };
    state.line(text.slice(from, to).replace(/\r$/u, ""), from);
    from = to + 1;
  }
}

/** The place at `offset`: {role: "key"|"value", path, word, from}, or null inside a comment. */
export function placeAt(text, offset) {
  const { state, from } = scan(text, offset);
  return state.place(text.slice(from, offset), from);
}

/** Every key of the YAML document around `offset`: [{key, path, from, to}]. */
export function keysAround(text, offset) {
  const separators = [...text.matchAll(/^---(?:\s.*)?$/gmu)].map((match) => match.index);
  const start = separators.findLast((index) => index < offset) ?? 0;
  const end = separators.find((index) => index >= offset && index > start) ?? text.length;
  const keys = [];
  const document = text.slice(start, end);
  scan(`${document}\n`, document.length + 1, (key) => keys.push(key));
  return keys.map((key) => ({ ...key, from: key.from + start, to: key.to + start }));
}
