import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plantedProject } from "./checks/planted.fixture.js";

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const reporter = fileURLToPath(new URL("./count-reporter.ts", import.meta.url));

test("the last line counts tests, files that do not load and errors that no test caught", { timeout: 60_000 }, () => {
  const outcome = runTests({
    "passing.test.ts": `test("a", () => {}); describe("b", () => { test("c", () => {}); });`,
    "failing.test.ts": `test("a", () => { throw new Error("no"); });`,
    "skipping.test.ts": `test.skip("a", () => {}); test.todo("b"); describe.skip("c", () => { test("d", () => {}); });`,
    "broken.test.ts": `throw new Error("cannot be loaded");`,
    "late.test.ts": `test("a", async () => { Promise.reject(new Error("uncaught")); await new Promise((resolve) => setImmediate(resolve)); });`,
  });
  expect(outcome).toEqual({ lastLine: "3 passed, 3 failed, 3 skipped", status: 1 });
});

test("a run without failures ends with 0 failed", { timeout: 60_000 }, () => {
  expect(runTests({ "passing.test.ts": `test("a", () => {});` })).toEqual({ lastLine: "1 passed, 0 failed, 0 skipped", status: 0 });
});

function runTests(files: Record<string, string>): { lastLine: string | undefined; status: number | null } {
  const root = plantedProject(files);
  const options = ["run", "--globals", "--root", root, "--reporter", "default", "--reporter", reporter];
  const { stdout, status } = spawnSync(process.execPath, [vitest, ...options], { cwd: root, encoding: "utf8" });
  return { lastLine: stdout.trimEnd().split("\n").at(-1), status };
}
