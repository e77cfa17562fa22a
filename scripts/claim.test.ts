import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claims } from "../bench/experiments/claims/claims.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [`${root}dist/scripts/claim.js`, ...args], { cwd: root, encoding: "utf8" });

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), "dataflower-claims-"));
});
afterEach(() => rmSync(results, { recursive: true }));

/** A run that has planned what workflows cost. */
function keepRun(name: string, savedShare: number): void {
  const folder = join(results, name, "comparison", "cost");
  mkdirSync(folder, { recursive: true });
  const metric = (median: number) => ({ median, low: median, high: median, values: [median] });
  const variants = [{ key: "plan", labels: {}, n: 1, metrics: { savedShare: metric(savedShare), savedShareOfWholeCore: metric(0.1) } }];
  const summary = { category: "comparison", experiment: "cost", profile: "full", variants, ratios: [], derived: {} };
  writeFileSync(join(folder, "summary.json"), JSON.stringify(summary));
  writeFileSync(join(results, name, "run.json"), JSON.stringify({ experiments: [{ category: "comparison", name: "cost" }] }));
}

describe("npm run claim", () => {
  test.each([
    [["speed-of-light"], "or all, must be given: speed-of-light"],
    [[], "or all, must be given: "],
    [["all", "more"], "or all, must be given: all more"],
    [["all", "--nonsense"], "Unknown option '--nonsense'"],
  ])("%s is bad usage: exit code 2 with all names", (args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    for (const { name } of claims) expect(stderr).toContain(name);
  });

  test("judges by the newest run, and says what it was computed from", () => {
    keepRun("2026-01-30T12-00-00-nogit", 0.5);
    keepRun("2026-01-31T12-00-00-nogit", 0.2);
    const { status, stdout, stderr } = run("lower-cost", "--results", results);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^lower-cost\n {2}claim +40 % lower cost\n/);
    expect(stdout).toMatch(/measured +20\.0 % saved/);
    expect(stdout).toMatch(/verdict +does not hold/);
    expect(stdout).toMatch(/computed from +comparison\/cost\/summary\.json/);
    expect(run("lower-cost", "--results", join(results, "2026-01-30T12-00-00-nogit")).stdout).toMatch(/verdict +holds/);
  });

  test("what was not measured is not assessed", () => {
    keepRun("2026-01-31T12-00-00-nogit", 0.2);
    const { stdout } = run("latency", "--results", results);
    expect(stdout).toMatch(/verdict +not assessed\n {2}note +performance\/latency was not measured in this run/);
  });

  test("a folder without a run is bad usage", () => {
    const { status, stderr } = run("all", "--results", results);
    expect(status).toBe(2);
    expect(stderr).toContain("must hold a run: npm run experiments leaves one");
  });
});
