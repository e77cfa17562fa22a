import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { missingFor } from "../runtime/engine/fixtures/durable-stores.fixture.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [`${root}dist/scripts/kills.js`, ...args], { cwd: root, encoding: "utf8" });

const missing = missingFor("lmdb");
if (missing !== undefined) {
  console.warn(`SKIPPED npm run test:kills with a store: ${missing}`);
  test.skipIf(process.env.CI !== "true")("lmdb is there", () => expect(missing).toBe(undefined));
}

describe("npm run test:kills", () => {
  test.each([
    [["--rounds", "0"], "--rounds must be a whole number of at least 1: 0"],
    [["--store", "memory"], "--store must be lmdb or redis: memory"],
    [["--commit", "sometimes"], "--commit must be strict or pipelined: sometimes"],
    [["--nonsense"], "Unknown option '--nonsense'"],
  ])("%s is bad usage: exit code 2 with help", (args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: npm run test:kills");
  });

  test.skipIf(missing !== undefined)("leaves a report in two forms", { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = run("--rounds", "5", "--seed", "7");
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("| promises broken | 0 |");
    const folder = `${root}${/Report: (.*)/.exec(stderr)?.[1]}`;
    expect(readFileSync(`${folder}/kills.md`, "utf8")).toBe(stdout);
    expect(JSON.parse(readFileSync(`${folder}/kills.json`, "utf8"))).toMatchObject({
      store: "lmdb",
      seed: 7,
      killsAtWork: 5,
      violations: [],
    });
    rmSync(dirname(folder), { recursive: true });
  });
});
