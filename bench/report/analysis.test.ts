import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const notebook = join(root, "bench/report/analysis.ipynb");

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly execution_count?: number | null;
  readonly source: readonly string[] | string;
  readonly outputs?: readonly Output[];
}

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: readonly string[] | string;
  readonly data?: Readonly<Record<string, readonly string[] | string>>;
}

const cellsOf = (file: string) => (JSON.parse(readFileSync(file, "utf8")) as { cells: readonly Cell[] }).cells; // as: the form of notebooks
const textOf = (lines: readonly string[] | string | undefined) => (typeof lines === "string" ? lines : (lines ?? []).join(""));

test("the notebook is kept without outputs", () => {
  const code = cellsOf(notebook).filter(({ cell_type }) => cell_type === "code");
  expect(code.length).toBeGreaterThan(4);
  for (const { outputs, execution_count } of code) expect([outputs, execution_count]).toEqual([[], null]);
});

const missing =
  spawnSync("jupyter-nbconvert", ["--version"], { stdio: "ignore" }).status === 0 ? undefined : "jupyter-nbconvert is not installed";
if (missing !== undefined) {
  console.warn(`SKIPPED the notebook: ${missing}`);
  test.skipIf(process.env.CI !== "true")("jupyter is there", () => expect(missing).toBeUndefined());
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dataflower-notebook-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A real run, as small as the configuration lets it be. */
function measure(): string {
  const config = join(folder, "config.yaml");
  const shipped = readFileSync(join(root, "configs/experiment_config.yaml"), "utf8");
  writeFileSync(config, shipped.replace(/^metrics_port: \d+$/m, "metrics_port: 0"));
  const results = join(folder, "results");
  const args = ["-c", config, "-o", results, "--profile", "quick", "--only", "latency", "--only", "cost_ladder", "--repeat", "1"];
  const { status, stderr } = spawnSync(process.execPath, [join(root, "dist/bench/experiments/main.js"), ...args], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return join(results, readdirSync(results).find((name) => /^\d{4}-/.test(name))!);
}

/** Executes the notebook with the project's own kernel and nothing that Jupyter knows from elsewhere. */
function execute(results: string) {
  const own = Object.fromEntries(
    ["DATA_DIR", "CONFIG_DIR", "RUNTIME_DIR"].map((name) => [`JUPYTER_${name}`, join(folder, name.toLowerCase())]),
  );
  const env = { ...process.env, ...own, JUPYTER_PATH: join(root, "configs/jupyter"), DF_RESULTS: results };
  const args = ["--execute", "--to", "notebook", "--output-dir", folder, "--output", "executed.ipynb", notebook];
  const { status, stderr } = spawnSync("jupyter-nbconvert", args, { env, encoding: "utf8", cwd: folder });
  return { status, stderr };
}

const outputs = (): Output[] => cellsOf(join(folder, "executed.ipynb")).flatMap((cell) => cell.outputs ?? []);
const shown = (type: string) => outputs().flatMap(({ data }) => (data?.[type] === undefined ? [] : [textOf(data[type])]));

describe.skipIf(missing !== undefined)("the notebook", () => {
  test("shows a run: its tables, and the figures that the run has drawn", { timeout: 180_000 }, () => {
    const run = measure();
    const { status, stderr } = execute(run);
    expect(status, stderr).toBe(0);
    expect(outputs().filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual([]);
    const tables = shown("text/html");
    for (const name of ["latency", "cost_ladder"]) expect(tables[0]).toContain(`<td>${name}</td>`);
    expect(tables.join("\n")).toMatch(/<td>capacityPerSecond<\/td><td>1<\/td><td>\d/);
    expect(
      outputs()
        .map(({ text }) => textOf(text))
        .join(""),
    ).toMatch(/^\d+ medians, all as in the summaries$/m);
    const svgs = shown("image/svg+xml");
    for (const figure of figuresOf(run)) expect(svgs).toContain(figure);
    expect(svgs.length).toBeGreaterThan(figuresOf(run).length);
  });

  test("does not show numbers that do not follow from the samples", { timeout: 60_000 }, () => {
    const run = join(folder, "wrong", "run");
    mkdirSync(join(run, "performance/odd"), { recursive: true });
    const state = { category: "performance", name: "odd", status: "done", rounds: 1, units: 1 };
    writeFileSync(join(run, "run.json"), JSON.stringify({ command: "<b>", isPartial: false, experiments: [state] }));
    const sample = { variant: "a", round: 0, stealShare: 0, repeats: 0, metrics: { rate: 1 } };
    writeFileSync(join(run, "performance/odd/samples.jsonl"), `${JSON.stringify(sample)}\n`);
    const variant = {
      key: "a",
      labels: {},
      n: 1,
      metrics: { rate: { median: 2, low: 2, high: 2, values: [2] } },
      shares: {},
      latencies: {},
    };
    writeFileSync(
      join(run, "performance/odd/summary.json"),
      JSON.stringify({ ...state, experiment: "odd", question: "?", variants: [variant] }),
    );
    const { status, stderr } = execute(run);
    expect(status).not.toBe(0);
    expect(stderr).toContain("Cannot trust the summaries");
  });
});

function figuresOf(run: string): string[] {
  const plots = ["latency", "cost_ladder"].map((name) => join(run, "performance", name, "plots"));
  return plots.flatMap((plot) =>
    readdirSync(plot)
      .filter((name) => name.endsWith(".svg"))
      .map((name) => readFileSync(join(plot, name), "utf8")),
  );
}
