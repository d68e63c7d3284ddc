// Between the server's places (1-based lines, columns in code points) and the editor's offsets,
// which count UTF-16 units.

/** The number of UTF-16 units that the first `count` code points of `text` take. */
export function unitsOf(text, count) {
  let units = 0;
  for (const sign of text) {
    if (count <= 0) break;
    units += sign.length;
    count -= 1;
  }
  return units;
}

/** The offset of a place in a CodeMirror document, kept inside it. */
export function offsetOf(doc, line, column) {
  const number = Math.min(Math.max(1, line), doc.lines);
  const found = doc.line(number);
  if (line > doc.lines) return found.to;
  return found.from + unitsOf(found.text, column - 1);
}

/** The range to underline; a missing or empty end reaches to the end of the word. */
export function rangeOf(doc, { line, column, end_line: endLine, end_column: endColumn }) {
  const from = offsetOf(doc, line, column);
  const to = endLine && endColumn ? offsetOf(doc, endLine, endColumn) : from;
  if (to > from) return { from, to };
  const found = doc.lineAt(from);
  const word = /^[\p{L}\p{N}_]+|^\S/u.exec(found.text.slice(from - found.from));
  return { from, to: from + (word ? word[0].length : 0) };
}

/** The 1-based line and code-point column of an offset. */
export function placeOf(doc, offset) {
  const line = doc.lineAt(offset);
  const before = line.text.slice(0, offset - line.from);
  return { line: line.number, column: [...before].length + 1 };
}
