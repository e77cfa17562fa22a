import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";

/**
 * Loads modules with the compiled loader, in processes and threads of its own: the test runner would transform what is imported,
 * and a loader hook once registered stays.
 */
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "data flower-")); // with a space, as users' folders have
afterAll(() => rmSync(folder, { recursive: true }));

/** A compiled module as a specifier: a URL, in double quotes. */
const compiled = (path: string) => JSON.stringify(pathToFileURL(join(dist, path)).href);

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

interface Outcome {
  readonly names?: string[];
  readonly code?: string;
  readonly message?: string;
  readonly cause?: string;
}

const script = (module: string, root = dist, msMax?: number): string => `
  const { loadModule } = await import(${JSON.stringify(pathToFileURL(join(root, "runtime/authoring/load-module.js")).href)});
  const { workflowsOf } = await import(${JSON.stringify(pathToFileURL(join(root, "runtime/authoring/find-workflow.js")).href)});
  const outcome = await loadModule(${JSON.stringify(module)}, ${msMax}).then(
    (namespace) => ({ names: workflowsOf(namespace).map((one) => one.name) }),
    (error) => ({ code: error.code, message: error.message, cause: error.cause?.message }),
  );`;

async function inProcess(module: string, root = dist, msMax?: number): Promise<Outcome> {
  const code = `${script(module, root, msMax)} console.log(JSON.stringify(outcome));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { cwd: folder });
  return JSON.parse(stdout);
}

function inWorker(module: string): Promise<Outcome> {
  const code = `${script(module)} (await import("node:worker_threads")).parentPort.postMessage(outcome);`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { execArgv: [] });
    worker.once("message", resolve).once("error", reject);
  });
}

const defines = (name: string) => `workflow({ name: "${name}", module: import.meta.url }, (flow) => flow.task(() => 1));`;
const esm = (name: string) => `import { workflow } from ${compiled("runtime/authoring/workflow.js")};\nexport const it = ${defines(name)}`;
const typed = (name: string) => `${esm(name)}\nexport const size = (text: string): number => text.length;\ninterface Unused { a: string }`;
const cjs = (name: string) => `const { workflow } = require(${JSON.stringify(join(dist, "runtime/authoring/workflow.js"))});
exports.it = ${defines(name).replace("import.meta.url", "__filename")}`;

const modules = {
  "plain.mjs": esm("mjs"),
  "old.cjs": cjs("cjs"),
  "esm/package.json": '{ "type": "module" }',
  "esm/flow.js": esm("js"),
  "esm/flow.ts": typed("ts"),
  "esm/flow.mts": typed("mts"),
  "cjs/package.json": "{}",
  "cjs/flow.js": cjs("cjs-js"),
  "cjs/flow.ts": typed("cjs-ts"),
};
for (const [name, text] of Object.entries(modules)) file(name, text);

describe("loadModule", () => {
  test.each([
    ["plain.mjs", "mjs"],
    ["old.cjs", "cjs"],
    ["esm/flow.js", "js"],
    ["esm/flow.ts", "ts"],
    ["esm/flow.mts", "mts"],
    ["cjs/flow.js", "cjs-js"],
    ["cjs/flow.ts", "cjs-ts"],
  ])("loads %s in a process and in a worker", async (name, workflow) => {
    const outcomes = await Promise.all([inProcess(join(folder, name)), inWorker(join(folder, name))]);
    expect(outcomes).toEqual([{ names: [workflow] }, { names: [workflow] }]);
  });

  test("takes relative paths and URLs", async () => {
    expect(await inProcess("esm/flow.js")).toEqual({ names: ["js"] });
    expect(await inProcess(pathToFileURL(join(folder, "esm/flow.ts")).href)).toEqual({ names: ["ts"] });
  });

  test.each(["missing.mjs", "esm"])("%s is DF_MODULE_NOT_FOUND", async (name) => {
    expect(await inProcess(name)).toMatchObject({ code: "DF_MODULE_NOT_FOUND", message: expect.stringContaining(name) });
  });

  test("a module that throws is DF_MODULE_FAILED with its cause", async () => {
    expect(await inProcess(file("throws.mjs", 'throw new Error("no luck");'))).toMatchObject({
      code: "DF_MODULE_FAILED",
      cause: "no luck",
    });
    expect(await inProcess(file("imports.mjs", 'import "./nowhere.mjs";'))).toMatchObject({
      code: "DF_MODULE_FAILED",
      cause: expect.stringContaining("nowhere"),
    });
    expect(await inProcess(file("syntax.mjs", "export const = 1;"))).toMatchObject({ code: "DF_MODULE_FAILED" });
    expect(await inProcess(file("undefined.mjs", "throw undefined;"))).toMatchObject({
      code: "DF_MODULE_FAILED",
      message: expect.stringContaining("found undefined"),
    });
  });

  test.each([
    ["where nothing else keeps the process alive", "", "must load to its end: found an await that has not ended"],
    ["where something does", "setTimeout(() => {}, 1_000);", "must load within 50 ms: found an await that has not ended"],
  ])("a module that awaits for ever is DF_MODULE_FAILED, %s", async (where, more, message) => {
    const name = `waits-${where.length}.mjs`;
    expect(await inProcess(file(name, `${more}\nawait new Promise(() => {});`), dist, 50)).toMatchObject({
      code: "DF_MODULE_FAILED",
      message: expect.stringContaining(message),
    });
  });

  test("an error of DataFlower is thrown as it is", async () => {
    const text = `import { DataFlowerError } from ${compiled("actors/kernel/errors.js")};\nthrow new DataFlowerError("DF_STARTED_IN_WORKER", "told");`;
    expect(await inProcess(file("starts.mjs", text))).toEqual({ code: "DF_STARTED_IN_WORKER", message: "told" });
  });

  test.skipIf("typescript" in process.features && Boolean(process.features.typescript))(
    "TypeScript without tsx is DF_TYPESCRIPT_UNSUPPORTED, which says what to do",
    async () => {
      const alone = join(folder, "alone");
      for (const part of ["runtime/authoring", "runtime/chunks", "runtime/observe", "actors/kernel", "schedulers"])
        cpSync(join(dist, part), join(alone, part), { recursive: true });
      file("alone/package.json", '{ "type": "module" }');
      expect(await inProcess(join(folder, "esm/flow.ts"), alone)).toMatchObject({
        code: "DF_TYPESCRIPT_UNSUPPORTED",
        message: expect.stringContaining("npm install tsx"),
      });
    },
  );
});
