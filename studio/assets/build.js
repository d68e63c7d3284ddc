// Builds studio/static from this folder. Same sources and lock, same bytes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = process.env.OUT ?? `${here}../static`;

// The page's policy allows no evaluation, so what htmx would evaluate is not shipped either.
const withoutEvaluation = {
  name: "without-evaluation",
  setup({ onLoad }) {
    onLoad({ filter: /htmx\.esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const call = /\beval\(str\)|(?:new )?\bFunction\((?='event'|conditionalSource|'return)/gu;
      const count = text.match(call)?.length;
      if (count !== 5) throw new Error(`htmx evaluates at ${count} places instead of 5`);
      return { contents: text.replaceAll(call, (found) => `refuse(${found.endsWith("(") ? "" : ")"}`) + REFUSE };
    });
  },
};
const REFUSE = "\nfunction refuse() { throw new Error('evaluation is off'); }\n";

const { metafile } = await build({
  plugins: [withoutEvaluation],
  absWorkingDir: here,
  entryPoints: ["app.css", "app.js", "apply.js", "editor.js"],
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome110", "firefox110", "safari16"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const packageOf = (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(path)?.[1];
const bundled = new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean));

function licence(name) {
  const folder = `${here}node_modules/${name}/`;
  const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/iu.test(entry));
  if (!file) throw new Error(`${name} ships no licence text`);
  const text = readFileSync(folder + file, "utf8").replaceAll("\r\n", "\n").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

const rule = `\n${"-".repeat(78)}\n\n`;
const heading = "apply.js and editor.js contain the following packages, each under its own licence.\n";
const texts = [heading, ...[...bundled].sort().map(licence)];
writeFileSync(`${target}/LICENSES.txt`, texts.join(rule));
