// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a ref in a file looks like a placeholder
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DataFlower } from "dataflower";
import { afterAll, describe, expect, test } from "vitest";
import { builtUrl } from "../../engine/fixtures/built.fixture.js";
import type * as WorkflowModule from "../workflow.js";
import type * as Reader from "./read-yaml-workflow.js";
import { fileBytesMax } from "./yaml-limits.js";

// The compiled reader: the test runner would transform the modules that are loaded.
const { readYamlWorkflow } = (await import(builtUrl("runtime/authoring/yaml/read-yaml-workflow"))) as typeof Reader;
const { compiledWorkflow } = (await import(builtUrl("runtime/authoring/workflow"))) as typeof WorkflowModule;

const folder = realpathSync(mkdtempSync(join(tmpdir(), "data flower #")));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

let fileCount = 0;
/** A file, in the folder `root`, of one task that runs `run`. */
const running = (run: string): string => file(`root/flow-${++fileCount}.yaml`, `name: w\ntasks:\n  a: { run: ${JSON.stringify(run)} }\n`);

async function refusal(reading: Promise<unknown>): Promise<{ readonly code: unknown; readonly message: string; readonly cause?: unknown }> {
  return reading.then(
    () => Promise.reject(new Error("it was read")),
    (error) => error,
  );
}

file(
  "root/tasks.mjs",
  `export const download = async ({ url }) => ({ body: "bytes of " + url, pages: [{ n: 1 }, { n: 2 }] });
   export const resize = ({ image, width }) => image.slice(0, width);
   export const audit = () => "audited";
   export const text = "no function";
   export default (inputs) => inputs;`,
);
file("root/old.cjs", "exports.twice = (n) => 2 * n; module.exports.default = 1;");
file("root/only.cjs", "module.exports = (n) => n + 1;");
file("root/100%2e #1?/deep er.mjs", "export const f = () => 'deep';");
const flow = file(
  "root/flow.yaml",
  `name: thumbnails
tasks:
  download: { run: "tasks.mjs#download", inputs: { url: "\${input.url}" }, retry: 5, timeout: 30s }
  resize:   { run: "tasks.mjs#resize", inputs: { image: "\${download.body}", width: 7 } }
  publish:  { run: "./tasks.mjs", inputs: ["\${resize}", "\${download.pages.1.n}", "\${audit.missing}"], after: [audit] }
  audit:    { run: "tasks.mjs#audit" }
result: "\${publish}"
whenTaskFails: stop
scheduler: fifo
defaults: { retry: 1 }
`,
);

describe("readYamlWorkflow", () => {
  test("gives an engine all that it needs to run a file on other threads", async () => {
    const thumbnails = compiledWorkflow(await readYamlWorkflow(flow));
    const engine = await DataFlower.start({ workflows: [thumbnails], workers: 2, store: "memory:" });
    try {
      expect(await engine.run(thumbnails, { url: "here" })).toEqual(["bytes o", 2, undefined]);
    } finally {
      await engine.close();
    }
  });

  test("knows a workflow by what its file and its modules say, wherever they lie", async () => {
    const other = (text: string) => file("copy/flow.yaml", text);
    const module = "export const f = () => 1;";
    const text = "name: w\ntasks: { a: { run: m.mjs#f } }";
    file("first/m.mjs", module);
    file("copy/m.mjs", module);
    const { hash } = await readYamlWorkflow(file("first/flow.yaml", `# a comment\n${text}`));
    expect((await readYamlWorkflow(other(text))).hash).toBe(hash);
    expect((await readYamlWorkflow(other(`${text}\ndefaults: { retry: 7 }`))).hash).not.toBe(hash);
    file("copy/m.mjs", `${module}// changed`);
    expect((await readYamlWorkflow(other(text))).hash).not.toBe(hash);
  });

  test.each([
    ["tasks.mjs", "tasks.mjs", "default"],
    ["./tasks.mjs#default", "tasks.mjs", "default"],
    ["./sub/../tasks.mjs#audit", "tasks.mjs", "audit"],
    ["old.cjs#twice", "old.cjs", "twice"],
    ["only.cjs", "only.cjs", "default"],
  ])("finds %s", async (run, module, name) => {
    const { handlers, source } = await readYamlWorkflow(running(run));
    expect(handlers).toEqual([expect.any(Function)]);
    expect(source).toEqual({ kind: "exports", handlers: [{ module: pathToFileURL(join(folder, "root", module)).href, name }] });
  });

  test("takes a path for names of files, whatever a URL would make of it", async () => {
    const text = 'name: w\ntasks: { a: { run: "deep er.mjs#f" } }';
    const { handlers } = await readYamlWorkflow(file("root/100%2e #1?/flow.yaml", text));
    expect(handlers[0]!(undefined, undefined as never)).toBe("deep");
  });

  test("follows a link to the file itself no further than its name", async () => {
    mkdirSync(join(folder, "linked"));
    symlinkSync(flow, join(folder, "linked/flow.yaml"));
    expect(await refusal(readYamlWorkflow(join(folder, "linked/flow.yaml")))).toMatchObject({ code: "DF_MODULE_NOT_FOUND" });
  });
});

describe("readYamlWorkflow refuses a file", () => {
  test.each([
    ["that is not there", () => join(folder, "none.yaml"), "DF_MODULE_NOT_FOUND", "found nothing"],
    ["that is a folder", () => folder, "DF_MODULE_NOT_FOUND", "found something else"],
    ["with NUL in its path", () => "flow\0.yaml", "DF_MODULE_NOT_FOUND", "null bytes"],
    [
      "that is no UTF-8",
      () => file("latin.yaml", Uint8Array.of(0x61, 0x3a, 0xe9)),
      "DF_SPEC_INVALID",
      "latin.yaml:1: Cannot read this as it must be UTF-8",
    ],
    ["in UTF-16", () => file("wide.yaml", Buffer.from("\ufeffname: w", "utf16le")), "DF_SPEC_INVALID", "must be UTF-8"],
    [
      "of 50 MB",
      () => file("huge.yaml", Buffer.alloc(50_000_000, "a")),
      "DF_SPEC_INVALID",
      `at most ${fileBytesMax} bytes: found 50000000`,
    ],
    ["that says what cannot be", () => file("wrong.yaml", "name: w\ntasks: {}"), "DF_SPEC_INVALID", "wrong.yaml:2: tasks: "],
  ])("%s", async (_, path, code, message) => {
    expect(await refusal(readYamlWorkflow(path()))).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("even so, it reads one with a byte order mark and CRLF", async () => {
    expect(await readYamlWorkflow(file("root/bom.yaml", "\ufeffname: w\r\ntasks: { a: { run: tasks.mjs } }\r\n"))).toMatchObject({
      name: "w",
    });
  });
});

/** What a module that lies outside of the folder would leave behind if it ever ran. */
const trace = join(folder, "outside-ran");
const leavesTrace = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(trace)}, ""); export default () => 1;`;
const outside = file("outside/m.mjs", leavesTrace);
file("root-beside/m.mjs", leavesTrace);
symlinkSync(outside, join(folder, "root/link.mjs"));
symlinkSync(join(folder, "outside"), join(folder, "root/linked-folder"));
symlinkSync(join(folder, "root/loop.mjs"), join(folder, "root/loop.mjs"));
mkdirSync(join(folder, "root/folder.mjs"));
file("root/throws.mjs", "throw new Error('no luck');");
file("root/waits.mjs", "await new Promise(() => {}); export default () => 1;");
file("root/data.json", "{}");
file("root/plain.mjs", "export const f = () => 1;");

describe("readYamlWorkflow refuses a module, and runs nothing outside of the folder:", () => {
  test.each([
    ["above it", "../outside/m.mjs", "DF_MODULE_OUTSIDE"],
    ["above it by a detour", "sub/../../outside/m.mjs", "DF_MODULE_OUTSIDE"],
    ["beside it, with a name that begins alike", "../root-beside/m.mjs", "DF_MODULE_OUTSIDE"],
    ["above it, that is not there", "../none.mjs", "DF_MODULE_OUTSIDE"],
    ["the folder above it", "..", "DF_MODULE_OUTSIDE"],
    ["by an absolute path", outside, "DF_MODULE_OUTSIDE"],
    ["by an absolute path into it", join(folder, "root/tasks.mjs"), "DF_MODULE_OUTSIDE"],
    ["by a path of Windows", "C:\\m.mjs", "DF_MODULE_OUTSIDE"],
    ["by a path of a share", "\\\\host\\m.mjs", "DF_MODULE_OUTSIDE"],
    ["by a link", "link.mjs", "DF_MODULE_OUTSIDE"],
    ["by a linked folder", "linked-folder/m.mjs", "DF_MODULE_OUTSIDE"],
    ["as text", `data:text/javascript,${encodeURIComponent(leavesTrace)}`, "DF_MODULE_OUTSIDE"],
    ["by http", "http://127.0.0.1:1/m.mjs", "DF_MODULE_OUTSIDE"],
    ["by https", "HTTPS://127.0.0.1:1/m.mjs", "DF_MODULE_OUTSIDE"],
    ["by a URL of a file", pathToFileURL(outside).href.replace(/#/g, "%23"), "DF_MODULE_OUTSIDE"],
    ["of Node", "node:fs#rmSync", "DF_MODULE_OUTSIDE"],
    ["with NUL in its path", "tasks.mjs\0", "DF_MODULE_NOT_FOUND"],
    ["with an escaped dot", "%2e%2e/outside/m.mjs", "DF_MODULE_NOT_FOUND"],
    ["with escaped slashes", "..%2foutside%2fm.mjs", "DF_MODULE_NOT_FOUND"],
    ["with a query", "tasks.mjs?x", "DF_MODULE_NOT_FOUND"],
    ["that is not there", "none.mjs", "DF_MODULE_NOT_FOUND"],
    ["behind a file", "tasks.mjs/m.mjs", "DF_MODULE_NOT_FOUND"],
    ["that is a folder", "folder.mjs", "DF_MODULE_NOT_FOUND"],
    ["that is the folder itself", ".", "DF_MODULE_NOT_FOUND"],
    ["a link to itself", "loop.mjs", "DF_MODULE_NOT_FOUND"],
    ["a package", "yaml#parse", "DF_MODULE_NOT_FOUND"],
    ["a missing export", "tasks.mjs#none", "DF_MODULE_NO_HANDLER"],
    ["a missing default export", "plain.mjs", "DF_MODULE_NO_HANDLER"],
    ["a missing export of CommonJS", "old.cjs#none", "DF_MODULE_NO_HANDLER"],
    ["an export that is no function", "tasks.mjs#text", "DF_MODULE_NO_HANDLER"],
    ["__proto__ as an export", "tasks.mjs#__proto__", "DF_MODULE_NO_HANDLER"],
    ["what all objects have as an export", "old.cjs#toString", "DF_MODULE_NO_HANDLER"],
    ["constructor as an export", "only.cjs#constructor", "DF_MODULE_NO_HANDLER"],
    ["that throws", "throws.mjs", "DF_MODULE_FAILED"],
    ["that is no JavaScript", "data.json", "DF_MODULE_FAILED"],
  ])("%s", async (_, run, code) => {
    const path = running(run);
    const refused = await refusal(readYamlWorkflow(path));
    expect(refused).toMatchObject({ code, message: expect.stringContaining(`${path}:3: tasks.a.run: Cannot `) });
    expect(existsSync(trace)).toBe(false);
  });

  test("one that never ends to load, after its deadline", async () => {
    expect(await refusal(readYamlWorkflow(running("waits.mjs"), 50))).toMatchObject({
      code: "DF_MODULE_FAILED",
      message: expect.stringContaining("must load within 50 ms: found an await that has not ended"),
    });
  });

  test("and loads none before it has found all", async () => {
    const ran = join(folder, "inside-ran");
    file("root/leaves.mjs", leavesTrace.replace(JSON.stringify(trace), JSON.stringify(ran)));
    const both = file("root/both.yaml", "name: w\ntasks: { a: { run: leaves.mjs }, b: { run: ../outside/m.mjs } }");
    expect(await refusal(readYamlWorkflow(both))).toMatchObject({ code: "DF_MODULE_OUTSIDE" });
    expect(existsSync(ran)).toBe(false);
    await readYamlWorkflow(running("leaves.mjs"));
    expect(existsSync(ran)).toBe(true);
  });

  test("what throws is the cause", async () => {
    expect((await refusal(readYamlWorkflow(running("throws.mjs")))).cause).toMatchObject({ message: "no luck" });
  });
});

test("the package exports the schema", () => {
  const { exports } = createRequire(import.meta.url)("../../../package.json") as { exports: Record<string, string> };
  const published: unknown = createRequire(builtUrl("runtime/index"))("dataflower/workflow.schema.json");
  expect(published).toEqual(createRequire(import.meta.url)("../../../configs/workflow.schema.json"));
  expect(exports["./workflow.schema.json"]).toMatch(/^\.\/dist\//);
});
