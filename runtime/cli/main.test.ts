import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue, type ErrorCode } from "../../actors/kernel/errors.js";
import { CommandLine, type Outcome } from "./command-line.fixture.js";

const importing = `import { workflow } from "dataflower";\n`;
/** A module with one workflow, `w`. */
const one = (build: string, more = "") => `${importing}${more}
export const w = workflow({ name: "w", module: import.meta.url }, ${build});
`;
const nodeStripsTypes = "typescript" in process.features && Boolean(process.features.typescript);

/** A Standard Schema written out: an input is an object with a number n. */
const numberSchema = `{ "~standard": { version: 1, vendor: "test", validate: (value) => typeof value?.n === "number"
  ? { value } : { issues: [{ message: "expected a number", path: ["n"] }] } } }`;

/** Takes from the program what ends it by force: it must end by itself, or ends with 7 because something has kept it alive. */
const endingByItself = `import { isMainThread } from "node:worker_threads";
if (isMainThread) {
  const exit = process.exit;
  process.exit = (code) => { process.exitCode = code; setTimeout(() => exit(7), 5_000).unref(); };
}
`;

const modules = {
  "package.json": `{ "type": "module" }`,
  "sum.js": `${importing}
function double({ n }) { return n * 2; }
function add({ a, b }) { return a + b; }
export const sum = workflow({ name: "sum", module: import.meta.url, input: ${numberSchema} }, (flow, input) => {
  const a = flow.task(double, { n: input.n }, { name: "a" });
  const b = flow.task(double, { n: input.n }, { name: "b", after: [a] });
  return flow.task(add, { a, b });
});`,
  "typed.ts": one("(flow, input: Ref<number>) => flow.task((n: number): number => n + 1, input)").replace(
    "{ workflow }",
    "{ type Ref, workflow }",
  ),
  "several.js": `${importing}
function echo(value) { return value; }
function double(n) { return n * 2; }
export const first = workflow({ name: "first", module: import.meta.url }, (flow, input) => flow.task(echo, input));
export const second = workflow({ name: "second", module: import.meta.url }, (flow, input) => flow.map(input, (n) => flow.task(double, n)));`,
  "values.js": one("(flow) => flow.task(() => ({ big: 1n, map: new Map([[1, undefined]]) }))"),
  "noisy.js": one(
    `(flow) => flow.task(() => { console.log("a task prints"); return "done \\u001b[31mred"; })`,
    `console.log("the module prints");\nsetInterval(() => {}, 1_000);`,
  ),
  "fails.js": one(
    `(flow) => flow.task(() => { throw Object.assign(new TypeError("no \\u001b[31mluck"), { code: "E_LUCK" }); }, undefined, { name: "unlucky", retry: 1 })`,
  ),
  "exits.js": one("(flow) => flow.task(() => process.exit(0))"),
  "waits.js": one(
    `(flow) => flow.task(async (_, { signal }) => {
      console.error("task started");
      signal.addEventListener("abort", () => console.error("task stops: " + signal.reason.message));
      await new Promise((end) => setTimeout(end, 60_000));
    })`,
    endingByItself,
  ),
  "blocks.js": one(
    `(flow) => flow.task(() => { console.error("task started"); for (const end = Date.now() + 60_000; Date.now() < end; ); })`,
    endingByItself,
  ),
  "held.js": one(
    `(flow) => flow.task(() => { console.error("task started"); for (const end = Date.now() + 60_000; Date.now() < end; ); })`,
  ),
  "queues.js": one(
    `(flow) => flow.map(Array.from({ length: 50 }, (_, n) => n), (n) => flow.task(async (n) => {
      console.error("task started " + n);
      await new Promise((end) => setTimeout(end, 60_000));
    }, n))`,
  ),
  "quiet.js": one("(flow) => flow.task(() => 1)", endingByItself),
  "takes-long.js": one("(flow) => flow.task(() => new Promise((end) => setTimeout(end, 2_500)))"),

  // Everything below is wrong.
  "flow.yaml": "name: w",
  "trace.json": "{}",
  "throws.js": `throw new Error("no \\u001b[31mluck");`,
  "syntax.js": "export const = 1;",
  "never-loads.js": one("(flow) => flow.task(() => 1)", "await new Promise(() => {});"),
  "stray.js": one("(flow) => flow.task(() => 1)", `Promise.reject(new Error("nobody waits"));`),
  "builder-throws.js": one(`() => { throw new Error("no graph"); }`),
  "empty.js": "export const nothing = 1;",
  "twins.js": `${one("(flow) => flow.task(() => 1)")}${one("(flow) => flow.task(() => 2)").replace(importing, "").replace("const w", "const v")}`,
  "duplicate-id.js": one("(flow) => [flow.task(() => 1, undefined, { name: 'a' }), flow.task(() => 1, undefined, { name: 'a' })]"),
  "illegal-id.js": one("(flow) => flow.task(() => 1, undefined, { name: 'a b' })"),
  "proto-id.js": one("(flow) => flow.task(() => 1, undefined, { name: '__proto__' })"),
  "constructor-id.js": one("(flow) => flow.task(() => 1, undefined, { name: 'constructor' })"),
  "proto-workflow.js": one("(flow) => flow.task(() => 1)").replace('name: "w"', 'name: "__proto__"'),
  "ref-as-value.js": one("(flow, input) => flow.task(() => 1, 'page ' + input)"),
  "unknown-option.js": one("(flow) => flow.task(() => 1, undefined, { retries: 3 })"),
  "nan-option.js": one("(flow) => flow.task(() => 1, undefined, { retry: Number.NaN })"),
  "unstable.js": one(
    "(flow) => (isMainThread ? flow.task(function here() {}) : flow.task(function there() {}))",
    `import { isMainThread } from "node:worker_threads";`,
  ),
  "random.js": one("(flow) => flow.task(calls++ === 0 ? function a() {} : function b() {})", "let calls = 0;"),
  "no-data.js": one("(flow) => flow.task(() => ({ callback: () => 1 }), undefined, { name: 'a' })"),
  "large.js": one("(flow) => flow.task(() => 'x'.repeat(9 * 2 ** 20))"),
  "starts.js": one(
    "(flow) => flow.task(() => 1)",
    `const engine = await (await import("dataflower")).DataFlower.start({ store: "memory:" });`,
  ),
  "large.json": JSON.stringify("x".repeat(9 * 2 ** 20)),
  "bytes.json": new Uint8Array([0x22, 0xff, 0x22]),
};

let line: CommandLine;
beforeAll(() => {
  line = new CommandLine(modules);
});
afterAll(() => line.remove());

describe.concurrent("run", () => {
  test("prints the result on stdout and a summary on stderr", async () => {
    const { status, stdout, stderr } = await line.run(["run", "sum.js", "--input", `{"n":21}`, "--workers", "2"]);
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: "84\n" });
    expect(stderr).toMatch(
      /^run r[0-9a-f]+-1 of sum completed: 3 tasks \(\d \+ \d by worker\), 3 edges\nmakespan [\d.]+ m?s, work [\d.]+ m?s, wait [\d.]+ m?s\n$/,
    );
  });

  test("--json prints one object", async () => {
    const { status, stdout, stderr } = await line.run([
      "run",
      "sum.js",
      "--input",
      `{"n":21}`,
      "--json",
      "--run-id",
      "mine",
      "--workers",
      "1",
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { makespanMs, workMs, waitMs, ...facts } = JSON.parse(stdout);
    expect(facts).toEqual({ runId: "mine", workflow: "sum", status: "completed", output: 84, tasks: 3, edges: 3, tasksByWorker: [3] });
    for (const ms of [makespanMs, workMs, waitMs]) expect(ms).toBeGreaterThanOrEqual(0);
  });

  test("reads the input from a file and from standard input, and names one of several workflows", async () => {
    const json = ["--json", "--workers", "1", "--scheduler", "fifo", "--store", "memory:", "--concurrency", "1"];
    const fromStdin = await line.run(["run", "several.js", "--workflow", "second", "--input", "-", ...json], "[1,2]");
    expect(JSON.parse(fromStdin.stdout)).toMatchObject({ workflow: "second", output: [2, 4], tasks: 2, edges: 0 });
    const fromFile = await line.run(["run", "several.js", "--workflow", "first", "--input", "@package.json", ...json]);
    expect(JSON.parse(fromFile.stdout)).toMatchObject({ workflow: "first", output: { type: "module" } });
  });

  test("runs a .ts module, and on the calling thread with --workers 0", async () => {
    const { status, stdout, stderr } = await line.run(["run", "typed.ts", "--input", "1", "--workers", "0"]);
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: "2\n" });
    expect(stderr).toMatch(/^dataflower: 0 workers;/);
  });

  test("shows values that JSON lacks, for people and in JSON", async () => {
    expect((await line.run(["run", "values.js"])).stdout).toBe("{ big: 1n, map: Map(1) { 1 => undefined } }\n");
    expect(JSON.parse((await line.run(["run", "values.js", "--json"])).stdout).output).toEqual({
      big: { $type: "bigint", value: "1" },
      map: { $type: "Map", value: [[1, { $type: "undefined" }]] },
    });
  });

  test("keeps stdout for the result, strips what terminals obey, and ends although the module has left a timer running", async () => {
    const { status, stdout, stderr } = await line.run(["run", "noisy.js"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "done [31mred\n" });
    expect(stderr).toContain("the module prints");
    expect(stderr).toContain("a task prints");
  });

  test("--latency prints a table, --hgrm writes the percentiles of service times", async () => {
    const { stdout, stderr } = await line.run(["run", "sum.js", "--input", `{"n":1}`, "--latency", "--hgrm", "service.hgrm"]);
    expect(stdout).toBe("4\n");
    expect(stderr).toMatch(
      /^latency +n +P50 +P90 +P99 +max\nqueue +3 .*\nservice +3 +- +- +- +[\d.]+ .?s\nhop .*\nend-to-end +1 +- +- +- /m,
    );
    expect(line.read("service.hgrm")).toMatch(/Value +Percentile +TotalCount[\s\S]*Total count += +3\]/);
    const { latency } = JSON.parse((await line.run(["run", "sum.js", "--input", `{"n":1}`, "--latency", "--json"])).stdout);
    expect(latency).toMatchObject({ service: { n: 3, p99Us: null }, "end-to-end": { n: 1 } });
  });

  test("says how far a long run is", async () => {
    const { status, stderr } = await line.run(["run", "takes-long.js", "--json", "--workers", "1"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^(w: 0 of 1 task, [\d.]+ s\n)+$/) });
  });
});

describe.concurrent("a run that fails", () => {
  test("is exit code 1, with the error and its cause on stderr", async () => {
    const { status, stdout, stderr } = await line.run(["run", "fails.js", "--workers", "1"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^dataflower: DF_TASK_FAILED: Cannot .*unlucky.*\n.*\n {2}caused by TypeError: no \[31mluck\n {6}at .*fails\.js/,
    );
    expect(stderr).toMatch(/^run .* of w failed: 1 task, 0 edges\nmakespan /m);
    expect(stderr).not.toContain("\u001b");
  });

  test("is one object with --json", async () => {
    const { status, stdout } = await line.run(["run", "fails.js", "--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      workflow: "w",
      status: "failed",
      error: { code: "DF_TASK_FAILED", task: "unlucky", cause: { name: "TypeError", message: "no \u001b[31mluck", code: "E_LUCK" } },
      edges: 0,
    });
  });

  test("a task that ends its thread fails the run, not the program", async () => {
    const { status, stderr } = await line.run(["run", "exits.js"]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("dataflower: DF_WORKER_LOST: ") });
  });
});

describe.concurrent("an interrupted run", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("ends after a grace with exit code 130: %s", async (signal) => {
    const command = line.start(["run", "waits.js", "--json"]);
    await command.saying("task started");
    command.signal(signal);
    const { status, stdout, stderr } = await command.end();
    expect(status, stderr).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "cancelled",
      error: { code: "DF_CANCELLED", message: expect.stringContaining(`interrupted by ${signal}`) },
    });
    expect(stderr).toMatch(/^task stops: Cannot/m);
  });

  test("ends although a task never lets go of its thread, and by itself", async () => {
    const command = line.start(["run", "blocks.js"]);
    await command.saying("task started");
    command.signal("SIGINT");
    const { status, stdout, stderr } = await command.end();
    expect({ status, stdout }, stderr).toEqual({ status: 130, stdout: "" });
    expect(stderr).toMatch(/^dataflower: DF_CANCELLED: [\s\S]*^run .* of w cancelled$/m);
  });

  test("starts none of the tasks that wait", async () => {
    const command = line.start(["run", "queues.js", "--workers", "1", "--concurrency", "2"]);
    await command.saying("task started 1");
    command.signal("SIGTERM");
    const { status, stderr } = await command.end();
    expect(status, stderr).toBe(130);
    expect(stderr.match(/^task started \d+$/gm)).toHaveLength(2);
  });

  test("ends at once at the second signal", async () => {
    const command = line.start(["run", "held.js"]);
    await command.saying("task started");
    command.signal("SIGINT");
    await command.saying("interrupted");
    command.signal("SIGTERM");
    const { status, stderr } = await command.end();
    expect(status, stderr).toBe(130);
  });
});

describe.concurrent("--timeout", () => {
  test.each(["200ms", "200"])("ends the run when it takes longer: %s", async (timeout) => {
    const { status, stdout, stderr } = await line.run(["run", "waits.js", "--timeout", timeout, "--json"]);
    expect(status, stderr).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "failed",
      error: { code: "DF_RUN_TIMEOUT", message: expect.stringContaining("200 ms") },
    });
  });

  test("ends a run whose task never lets go of its thread", async () => {
    const { status, stderr } = await line.run(["run", "blocks.js", "--timeout", "200ms"]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("dataflower: DF_RUN_TIMEOUT: ") });
  });

  test("does nothing to a run that takes less", async () => {
    const { status, stdout, stderr } = await line.run(["run", "quiet.js", "--timeout", "30s"]);
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: "1\n" });
  });
});

describe("lint", () => {
  test("checks every workflow", async () => {
    expect(await line.run(["lint", "several.js"])).toEqual({
      status: 0,
      stdout: "first: ok, 1 task, 0 edges\nsecond: ok, 2 tasks, 0 edges\n",
      stderr: "",
    });
  });

  test("finds a builder that is not the same twice", async () => {
    expectRefusal(await line.run(["lint", "random.js"]), "DF_BUILDER_UNSTABLE");
  });
});

describe("graph", () => {
  test("draws mermaid and dot", async () => {
    const mermaid = await line.run(["graph", "sum.js"]);
    expect(mermaid).toMatchObject({ status: 0, stdout: expect.stringMatching(/^flowchart TD\n[\s\S]*n1 -.-> n2\n/), stderr: "" });
    const dot = await line.run(["graph", "several.js", "--workflow", "second", "--format", "dot"]);
    expect(dot).toMatchObject({ status: 0, stdout: expect.stringMatching(/^digraph workflow \{\n[\s\S]*subgraph cluster/), stderr: "" });
  });
});

describe.concurrent("help and version", () => {
  test.each([
    [["--help"], /Usage: dataflower [\s\S]*run [\s\S]*lint [\s\S]*graph [\s\S]*Examples:\n/],
    [["run", "--help"], /Usage: dataflower run [\s\S]*--hgrm <file>[\s\S]*Examples:\n {2}\$ dataflower run /],
    [["lint", "--help"], /Usage: dataflower lint [\s\S]*Examples:\n {2}\$ dataflower lint /],
    [["help", "graph"], /Usage: dataflower graph [\s\S]*Examples:\n {2}\$ dataflower graph /],
    [["--version"], /^\d+\.\d+\.\d+\n$/],
  ])("%j", async (options, text) => {
    expect(await line.run(options)).toEqual({ status: 0, stdout: expect.stringMatching(text), stderr: "" });
  });

  test("help loads nothing but what reads the command line", async () => {
    expect(await line.runWithOnly(["commander"], ["run", "--help"])).toMatchObject({ status: 0, stderr: "" });
  });

  test("no command at all is told what there is", async () => {
    expect(await line.run([])).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining("Usage: dataflower") });
  });
});

describe.concurrent("bad usage and bad input", () => {
  test.each<[what: string, code: ErrorCode, options: string[], message?: RegExp]>([
    ["an unknown command", "DF_OPTION_INVALID", ["rum", "sum.js"], /unknown command 'rum'.*run/],
    ["an unknown option", "DF_OPTION_INVALID", ["run", "sum.js", "--wrokers", "1"], /'--wrokers'.*--workers/],
    ["no FILE", "DF_OPTION_INVALID", ["run"], /FILE/],
    ["two FILEs", "DF_OPTION_INVALID", ["lint", "sum.js", "typed.ts"], /too many arguments/],
    ["an option without its value", "DF_OPTION_INVALID", ["run", "sum.js", "--workers"], /argument missing/],
    ["workers below 0", "DF_OPTION_INVALID", ["run", "sum.js", "--workers", "-1"], /from 0 to 64: found -1$/],
    ["workers that are no number", "DF_OPTION_INVALID", ["run", "sum.js", "--workers", "abc"], /found "abc"$/],
    ["workers that are NaN", "DF_OPTION_INVALID", ["run", "sum.js", "--workers", "NaN"], /found "NaN"$/],
    ["half a worker", "DF_OPTION_INVALID", ["run", "sum.js", "--workers", "0.5"], /found 0\.5$/],
    ["too many workers", "DF_OPTION_INVALID", ["run", "sum.js", "--workers", "65"], /found 65$/],
    ["concurrency 0", "DF_OPTION_INVALID", ["run", "sum.js", "--concurrency", "0"], /concurrency.*found 0$/],
    ["concurrency beyond its limit", "DF_OPTION_INVALID", ["run", "sum.js", "--concurrency", "1e9"], /found 1000000000$/],
    ["a timeout of nothing", "DF_OPTION_INVALID", ["run", "sum.js", "--timeout", "0"], /--timeout.*found 0$/],
    ["a timeout below nothing", "DF_OPTION_INVALID", ["run", "sum.js", "--timeout", "-1s"], /--timeout.*found "-1s"$/],
    ["a timeout that is no duration", "DF_OPTION_INVALID", ["run", "sum.js", "--timeout", "soon"], /--timeout.*"30s".*found "soon"$/],
    ["a timeout beyond its limit", "DF_OPTION_INVALID", ["run", "sum.js", "--timeout", "400d"], /--timeout.*found "400d"$/],
    ["an unknown store", "DF_STORE_UNSUPPORTED", ["run", "sum.js", "--store", "sqlite:runs"], /memory:/],
    ["an unknown scheduler", "DF_SCHEDULER_UNKNOWN", ["run", "sum.js", "--scheduler", "__proto__"], /fifo.*found "?__proto__"?$/],
    ["an unknown format", "DF_OPTION_INVALID", ["graph", "sum.js", "--format", "svg"], /"mermaid" or "dot": found "svg"$/],
    ["a file that cannot be written", "DF_OPTION_INVALID", ["run", "sum.js", "--hgrm", "nowhere/x.hgrm"], /nowhere/],
    ["an illegal run id", "DF_SPEC_INVALID", ["run", "sum.js", "--run-id", "../x"], /run.*found "\.\.\/x"$/],
    ["a reserved run id", "DF_SPEC_INVALID", ["run", "sum.js", "--run-id", "__proto__"], /found "__proto__"$/],
    ["an escape sequence in an argument", "DF_MODULE_NOT_FOUND", ["run", "\u001b[31m.js"], /found nothing$/],

    ["a FILE that does not exist", "DF_MODULE_NOT_FOUND", ["run", "missing.js"], /missing\.js/],
    ["a FILE that is a folder", "DF_MODULE_NOT_FOUND", ["run", "."]],
    ["a FILE on another machine", "DF_MODULE_NOT_FOUND", ["run", "file://other/x.js"]],
    ["a YAML file without tasks", "DF_SPEC_INVALID", ["run", "flow.yaml"], /flow\.yaml.*tasks/],
    ["a trace that is none", "DF_SPEC_INVALID", ["graph", "trace.json"], /trace\.json.*schemaVersion/],
    ["a trace that is not there", "DF_OPTION_INVALID", ["run", "missing.json"], /missing\.json/],
    ["a body of a module", "DF_OPTION_INVALID", ["run", "sum.js", "--body", "spin"], /--body.*sum\.js/],
    ["an unknown body", "DF_OPTION_INVALID", ["run", "trace.json", "--body", "sleep"], /"none" or "timer" or "spin": found "sleep"$/],
    ["a time scale below 0", "DF_OPTION_INVALID", ["run", "trace.json", "--time-scale", "-1"], /--time-scale.*found -1$/],
    ["an export that cannot be written", "DF_OPTION_INVALID", ["run", "sum.js", "--export", "nowhere/x.json"], /nowhere/],
    ["a scheduler of a module that is not there", "DF_MODULE_NOT_FOUND", ["run", "sum.js", "--scheduler", "none.js#a"], /none\.js/],
    ["a scheduler that the module lacks", "DF_SCHEDULER_UNKNOWN", ["run", "sum.js", "--scheduler", "sum.js#a"], /found sum$/],
    ["a scheduler that policy() did not make", "DF_SCHEDULER_INVALID", ["run", "sum.js", "--scheduler", "sum.js#sum"], /policy\(\)/],
    ["a scheduler whose module throws", "DF_MODULE_FAILED", ["run", "sum.js", "--scheduler", "throws.js#a"], /no \[31mluck$/],
    ["a module that throws", "DF_MODULE_FAILED", ["run", "throws.js"], /Error: no \[31mluck$/],
    ["a module that is no JavaScript", "DF_MODULE_FAILED", ["lint", "syntax.js"], /SyntaxError/],
    ["a module that never loads", "DF_MODULE_FAILED", ["run", "never-loads.js"], /await/],
    ["a module that leaves a failure behind", "DF_MODULE_FAILED", ["run", "stray.js"], /nobody waits$/],
    ["a builder that throws", "DF_MODULE_FAILED", ["graph", "builder-throws.js"], /no graph$/],
    ["a module without workflows", "DF_MODULE_NO_WORKFLOW", ["run", "empty.js"], /found nothing$/],
    ["several workflows and no choice", "DF_MODULE_NO_WORKFLOW", ["run", "several.js"], /found first, second$/],
    ["a workflow that is not there", "DF_MODULE_NO_WORKFLOW", ["run", "sum.js", "--workflow", "product"], /product.*found sum$/],
    ["two workflows of one name", "DF_SPEC_INVALID", ["run", "twins.js", "--workflow", "w"], /two named w$/],
    ["start() in the module", "DF_STARTED_IN_WORKER", ["run", "starts.js"]],

    ["a duplicate id", "DF_SPEC_INVALID", ["run", "duplicate-id.js"], /"a" again$/],
    ["an illegal id", "DF_SPEC_INVALID", ["lint", "illegal-id.js"], /found "a b"$/],
    ["the id __proto__", "DF_SPEC_INVALID", ["run", "proto-id.js"], /found "__proto__"$/],
    ["the id constructor", "DF_SPEC_INVALID", ["run", "constructor-id.js"], /found "constructor"$/],
    ["the workflow __proto__", "DF_SPEC_INVALID", ["run", "proto-workflow.js"], /found "__proto__"$/],
    ["a ref used as a value", "DF_REF_USED_AS_VALUE", ["run", "ref-as-value.js"]],
    ["an unknown option of a task", "DF_OPTION_INVALID", ["lint", "unknown-option.js"], /retries/],
    ["an option that is NaN", "DF_OPTION_INVALID", ["lint", "nan-option.js"], /found NaN$/],
    ["a builder that lists other handlers in a worker", "DF_BUILDER_UNSTABLE", ["run", "unstable.js"], /there instead of here$/],

    ["input that breaks the schema", "DF_INPUT_INVALID", ["run", "sum.js", "--input", `{"n":"1"}`], /input\.n: expected a number$/],
    ["no input where there must be one", "DF_INPUT_INVALID", ["run", "sum.js"], /input\.n: expected a number$/],
    ["input that is no JSON", "DF_INPUT_INVALID", ["run", "sum.js", "--input", "{n:1}"], /JSON/],
    ["empty standard input", "DF_INPUT_INVALID", ["run", "sum.js", "--input", "-"], /standard input.*JSON/],
    ["an input file that does not exist", "DF_INPUT_INVALID", ["run", "sum.js", "--input", "@missing.json"], /missing\.json/],
    ["an input file that is no text", "DF_INPUT_INVALID", ["run", "sum.js", "--input", "@bytes.json"], /UTF-8/],
    ["an input with a key __proto__", "DF_UNSERIALIZABLE", ["run", "several.js", "--workflow", "first", "--input", `{"__proto__":1}`]],
    ["an input with a lone surrogate", "DF_UNSERIALIZABLE", ["run", "several.js", "--workflow", "first", "--input", `"\\ud800"`]],
    [
      "an input that is too large",
      "DF_RESULT_TOO_LARGE",
      ["run", "several.js", "--workflow", "first", "--input", "@large.json"],
      /8388608/,
    ],
  ])("%s is %s", async (_, code, options, message) => {
    const outcome = await line.run(options);
    expectRefusal(outcome, code);
    if (message !== undefined) expect(outcome.stderr.split("\n")[0]).toMatch(message);
  });

  test("an output that is no data is exit code 2 as well", async () => {
    const { status, stdout, stderr } = await line.run(["run", "no-data.js", "--json"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^dataflower: DF_UNSERIALIZABLE: .*\$\.callback.*\n {2}in task a\n/),
    });
    expect(JSON.parse(stdout)).toMatchObject({ status: "failed", error: { code: "DF_UNSERIALIZABLE", task: "a" } });
  });

  test("and so is one that is too large", async () => {
    const { status, stderr } = await line.run(["run", "large.js"]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^dataflower: DF_RESULT_TOO_LARGE: .*outputBytesMax/) });
  });

  test("--json prints an object for what was refused", async () => {
    const { status, stdout } = await line.run(["run", "sum.js", "--workers", "-1", "--json"]);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      runId: null,
      status: "failed",
      error: { code: "DF_OPTION_INVALID", task: null, cause: null },
    });
  });

  test.skipIf(nodeStripsTypes)("a .ts module where nothing can load it is DF_TYPESCRIPT_UNSUPPORTED", async () => {
    const outcome = await line.runWithOnly(["comlink", "commander", "msgpackr", "piscina"], ["run", "typed.ts", "--input", "1"]);
    expectRefusal(outcome, "DF_TYPESCRIPT_UNSUPPORTED");
    expect(outcome.stderr).toContain("npm install tsx");
  });
});

/** One line that says what is wrong, then what to do about it; no stack, nothing on stdout, and nothing that a terminal obeys. */
function expectRefusal({ status, stdout, stderr }: Outcome, code: ErrorCode): void {
  const [first, second] = stderr.split("\n");
  expect(first).toMatch(new RegExp(`^dataflower: ${code}: ([\\w.-]+:\\d+: )?Cannot `));
  expect(second).toBe(`  ${catalogue[code].remedy}`);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toMatch(/(?![\t\n])\p{Cc}/u);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
}
