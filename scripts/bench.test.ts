import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { benchmarkNames } from "../bench/benchmarks/benchmarks.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [`${root}dist/scripts/bench.js`, ...args], { cwd: root, encoding: "utf8" });
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("dataflower-compare-"));

describe("npm run bench", () => {
  test.each([
    [[], `one of ${benchmarkNames.join(", ")}`],
    [["nonsense"], "or --compare REF, must be given: nonsense"],
    [["micro", "extra"], "must be given: micro"],
    [["--compare"], "--compare"],
    [["--compare", "HEAD", "--only", "nonsense"], "no case has this in its name: nonsense"],
    [["micro", "--rounds", "half"], "--rounds must be a whole number of at least 1: half"],
    [["--nonsense"], "Unknown option '--nonsense'"],
  ])("%s is bad usage: exit code 2 with help", (args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: npm run bench");
  });

  test.each(["no-such-commit", "--help", ""])("a commit that git does not know is a clear error: %j", (ref) => {
    const { status, stderr } = run(`--compare=${ref}`);
    expect([status, stderr]).toEqual([1, `Cannot compare as git knows no commit of this name here: ${ref}\n`]);
  });

  test.each(benchmarkNames)(
    "%s in its tiny form: every answer is right, and samples and pictures are kept",
    { timeout: 300_000 },
    (name) => {
      const { status, stdout, stderr } = run(name, "--quick", "--rounds", "1");
      expect([status, stderr.replaceAll(/[\w -]+: \d+ of \d+\n/g, "")]).toEqual([0, ""]);
      const folder = /All samples: (.*)/.exec(stdout)?.[1] as string; // as: the expectation below fails without it
      expect(readdirSync(`${root}${folder}/${name}`)).toEqual(expect.arrayContaining(["samples.jsonl", "summary.json"]));
      rmSync(dirname(`${root}${folder}`), { recursive: true });
    },
  );

  test.each([
    ["chain-1", /chain-1, \d+ workers, sync handlers +[\d.]+ .*\[[\d.]+, [\d.]+\]/],
    ["start", /^start\(\) +[\d.]+ ms +[\d.]+ ms +[\d.]+ \[[\d.]+, [\d.]+\]/m],
  ])("builds another commit, measures %s of both and leaves nothing behind", { timeout: 180_000 }, (only, row) => {
    const before = folders();
    const { status, stdout, stderr } = run("--compare", "HEAD", "--only", only, "--rounds", "1", "--quick");
    expect([status, stderr.replaceAll(/compare: .*\n/g, "")]).toEqual([0, ""]);
    expect(stdout).toMatch(row);
    const samples = /All samples: (.*)/.exec(stdout)?.[1] as string; // as: the expectation below fails without it
    expect(readdirSync(`${root}${samples}`)).toContain("environment.json");
    rmSync(dirname(`${root}${samples}`), { recursive: true });
    expect(folders()).toEqual(before);
  });
});
