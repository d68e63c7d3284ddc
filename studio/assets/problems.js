// Diagnostics: asked of the server as one types, underlined, listed below, one click from the line.

import { lintGutter, linter } from "@codemirror/lint";

import { lang, words } from "./language.js";
import { offsetOf, rangeOf } from "./positions.js";

const DELAY = 250; // milliseconds of quiet before asking
const SEVERITIES = ["error", "warning", "info"];

const say = (problem, what) =>
  problem[`${what}_${lang}`] || problem[`${what}_${lang === "zh" ? "en" : "zh"}`] || "";

function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

async function ask(url, path, text, signal) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ path, text }),
    signal,
  });
  if (!response.ok) throw new Error(words.refused(response.status));
  return (await response.json()).diagnostics;
}

const isHere = (problem, path) => !problem.path || problem.path === path;

function underline(doc, problem) {
  return {
    ...rangeOf(doc, problem),
    severity: problem.severity,
    source: problem.code,
    message: say(problem, "message"),
    renderMessage: () => {
      const text = element("div", "", say(problem, "message"));
      const help = say(problem, "help");
      if (help) text.append(element("div", "problem-help", help));
      return text;
    },
  };
}

/** The list of problems beneath the editor. */
class ProblemList {
  constructor(node) {
    this.summary = element("p", "problems-summary", words.checking);
    this.summary.setAttribute("role", "status");
    this.list = element("ul", "problems");
    node?.replaceChildren(this.summary, this.list);
  }

  fail(message) {
    this.summary.textContent = message;
    this.list.replaceChildren();
  }

  show(problems, path, go) {
    this.summary.textContent = summarise(problems);
    this.list.replaceChildren(...problems.map((problem) => entry(problem, path, go)));
  }
}

function summarise(problems) {
  const count = (severity) => problems.filter((problem) => problem.severity === severity).length;
  const said = SEVERITIES.filter(count).map((name) => `${count(name)} ${words.counts[name]}`);
  return said.join(words.comma) || words.noProblems;
}

function entry(problem, path, go) {
  const here = isHere(problem, path);
  const place = here ? words.line(problem.line) : `${problem.path}:${problem.line}`;
  const link = element(here ? "button" : "span", "problem-place", place);
  if (here) {
    link.type = "button";
    link.addEventListener("click", () => go(problem));
  }
  const code = element("code", "problem-code", problem.code);
  const item = element("li", `problem problem-${problem.severity}`);
  item.append(link, " ", say(problem, "message"), " ", code);
  const help = say(problem, "help");
  if (help) item.append(element("p", "problem-help", help));
  return item;
}

function goTo(view, problem) {
  const anchor = offsetOf(view.state.doc, problem.line, problem.column);
  view.dispatch({ selection: { anchor }, scrollIntoView: true });
  view.focus();
}

/** The extension that asks `url` about the text of `path` and lists the answer in `node`. */
export function problems(url, path, node) {
  const list = new ProblemList(node);
  let asking = new AbortController();

  async function check(view) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const { doc } = view.state;
    try {
      const found = await ask(url, path, doc.toString(), signal);
      if (signal.aborted) return [];
      list.show(found, path, (problem) => goTo(view, problem));
      return found.filter((problem) => isHere(problem, path)).map((one) => underline(doc, one));
    } catch (error) {
      if (!signal.aborted) list.fail(error instanceof TypeError ? words.unreachable : error.message);
      return [];
    }
  }
  return [linter(check, { delay: DELAY }), lintGutter()];
}
