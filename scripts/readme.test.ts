import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "@swc/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assessAll } from "../bench/experiments/claims/claims.js";
import { summariesOf } from "../bench/experiments/keep-reports.js";
import { findExperiments } from "../bench/experiments/registry.js";
import { RunFolder } from "../bench/experiments/run-folder.js";
import { taskOptionNames } from "../runtime/authoring/resolve-options.js";
import { engineOptionNames, limitNames } from "../runtime/engine/options.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "dataflower readme "));

/** The code block behind `<!-- example:NAME -->`. */
function example(name: string): string {
  const found = new RegExp(`<!-- example:${name.replace(".", "\\.")} -->\\n\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (found?.[1] === undefined) throw new Error(`the README has no example ${name}`);
  return found[1];
}

/** What a command line of the README prints on standard output. */
function printedBy(command: string): string {
  const cli = join(root, "dist", "runtime", "cli", "main.js");
  const line = command.replace(/^dataflower/, `"${process.execPath}" "${cli}"`);
  return execFileSync("sh", ["-c", line], { cwd: folder, encoding: "utf8", timeout: 20_000, stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "dataflower"), "dir");
  for (const file of [
    "words.mjs",
    "main.mjs",
    "shops.mjs",
    "longest.mjs",
    "stats.yaml",
    "stats.mjs",
    "bag.csv",
    "prices.mjs",
    "crawler.mjs",
    "crawl.mjs",
    "crawler-test.mjs",
  ])
    writeFileSync(join(folder, file), example(file));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the README's example prints what the README says", () => {
  const printed = execFileSync(process.execPath, ["main.mjs"], { cwd: folder, encoding: "utf8", timeout: 20_000 });
  expect(printed).toBe(example("output"));
});

test("the README's example of prices prints what the README says", () => {
  const printed = execFileSync(process.execPath, ["prices.mjs"], { cwd: folder, encoding: "utf8", timeout: 20_000 });
  expect(printed).toBe(example("prices-output"));
});

test("the README's actors print what the README says", () => {
  for (const [file, output] of [
    ["crawl.mjs", "crawl-output"],
    ["crawler-test.mjs", "crawler-test-output"],
  ] as const) {
    expect(execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8", timeout: 20_000 })).toBe(example(output));
  }
});

test("the README's example of failures prints what the README says", () => {
  expect(printedBy(example("shops-command"))).toBe(example("shops-output"));
});

test("the README's command runs", () => {
  expect(JSON.parse(printedBy(`${example("command").trim()} --json`))).toMatchObject({
    status: "completed",
    output: [
      ["a", 2],
      ["b", 2],
    ],
  });
});

test("the README's workflow from a file prints what the README says", () => {
  expect(printedBy(example("stats-command"))).toBe(example("stats-output"));
});

test("the README's simulation prints what the README says", () => {
  expect(printedBy(example("simulate-command"))).toBe(example("simulate-output"));
});

test("the README's experiment is found, measured and drawn", { timeout: 60_000 }, () => {
  const tree = join(folder, "tree");
  cpSync(join(root, "dist", "bench"), join(tree, "dist", "bench"), { recursive: true });
  for (const linked of ["runtime", "actors", "schedulers", "configs"])
    symlinkSync(join(root, "dist", linked), join(tree, "dist", linked), "dir");
  for (const linked of ["node_modules", "package.json", "configs"]) symlinkSync(join(root, linked), join(tree, linked));
  const { code } = transformSync(example("sorting.ts"), {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "es6" },
  });
  writeFileSync(join(tree, "dist", "bench", "experiments", "performance", "sorting.js"), code);
  const shipped = readFileSync(join(root, "configs", "experiment_config.yaml"), "utf8");
  writeFileSync(join(tree, "config.yaml"), shipped.slice(0, shipped.indexOf("performance:")) + example("sorting.yaml"));
  const program = join(tree, "dist", "bench", "experiments", "main.js");
  const args = [program, "-c", join(tree, "config.yaml"), "-o", join(tree, "results"), "--profile", "quick"];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  expect(printed).toMatch(/performance\/sorting +done +1000 numbers: [\d.]+ ms; 100000 numbers: [\d.]+ ms/);
  const [run] = readdirSync(join(tree, "results"));
  expect(readFileSync(join(tree, "results", run!, "performance", "sorting", "plots", "sorting.svg"), "utf8")).toContain(
    "numbers in random order",
  );
});

test("the README tells the verdicts that follow from the results that are kept", () => {
  const claims = assessAll(summariesOf(RunFolder.at(join(root, "results", "reference", "experiments"))));
  const section = readme.slice(readme.indexOf("### What was found"), readme.indexOf("### In pictures"));
  const told = section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1);
  expect(told).toHaveLength(claims.length);
  for (const [at, { verdict, name }] of claims.entries()) expect(told[at]!.split(" | ").at(-1), name).toMatch(new RegExp(`^${verdict}\\b`));
});

test.each([
  ["task", taskOptionNames],
  ["engine", engineOptionNames],
] as const)("the README's table of options of a %s has all of them and no others", (kind, names) => {
  const [table = ""] = readme.split(`<!-- options:${kind} -->\n\n`)[1]?.split("\n\n") ?? [];
  const rows = table.split("\n").slice(2);
  const told = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(told.sort()).toEqual([...names].sort());
});

test("the README's table of limits has all of an engine", () => {
  const section = readme.slice(readme.indexOf("## Limits"), readme.indexOf("## Troubleshooting"));
  for (const name of limitNames) expect(section).toContain(`\`limits.${name}\``);
});

test("the README's list of contents names every section", () => {
  const sections = [...readme.matchAll(/^## (.+)$/gm)].map(([, title]) => title!);
  const anchor = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-");
  for (const title of sections) expect(readme.slice(0, readme.indexOf("## "))).toContain(`(#${anchor(title)})`);
});

test("the README names every experiment", async () => {
  const experiments = await findExperiments(join(root, "dist", "bench", "experiments/"));
  const section = readme.slice(readme.indexOf("## Experiments"), readme.indexOf("### What was found"));
  for (const { name } of experiments) expect(section).toContain(`\`${name}\``);
  expect(section).toContain(`measures ${experiments.length} questions`);
});

describe("the README's policy orders", () => {
  test("the tasks of an engine", () => {
    writeFileSync(join(folder, "ordered.mjs"), ordered);
    writeFileSync(join(folder, "by-engine.mjs"), byEngine);
    const printed = execFileSync(process.execPath, ["by-engine.mjs"], { cwd: folder, encoding: "utf8", timeout: 20_000 });
    expect(JSON.parse(printed)).toEqual([30, 20, 10]);
  });

  test("the tasks of a run on the command line", () => {
    writeFileSync(join(folder, "ordered.mjs"), ordered);
    const report = printedBy("dataflower run ordered.mjs --scheduler longest.mjs#longest --workers 1 --store memory: --json");
    expect(JSON.parse(report)).toMatchObject({ output: [30, 20, 10] });
  });

  test("a simulated bag", () => {
    const report = printedBy("dataflower simulate bag.csv --machines 1 --scheduler longest.mjs#longest --decisions --json");
    const { scheduler, decisions } = JSON.parse(report) as { scheduler: string; decisions: { run: number }[] };
    expect(scheduler).toBe("longest");
    expect(decisions.map(({ run }) => run)).toEqual([0, 3, 2, 1, 4]); // 6, 5, 2, 1, 1 s
  });
});

/** Tasks with estimates that note the order in which they run. */
const ordered = `
import { workflow } from "dataflower";
const order = [];
function note({ ms }) { order.push(ms); }
function all() { return order; }
export const noted = workflow({ name: "noted", module: import.meta.url }, (flow) => {
  const notes = [10, 30, 20].map((ms) => flow.task(note, { ms }, { estimate: ms }));
  return flow.task(all, {}, { after: notes });
});
`;

const byEngine = `
import { DataFlower } from "dataflower";
import { longest } from "./longest.mjs";
import { noted } from "./ordered.mjs";
const engine = await DataFlower.start({ workflows: [noted], workers: 1, store: "memory:", scheduler: longest });
console.log(JSON.stringify(await engine.run(noted, undefined)));
await engine.close();
`;
