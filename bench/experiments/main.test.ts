/** The program that measures experiments, as its users start it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ExperimentsProgram, tinyConfig } from "./program.fixture.js";

let program: ExperimentsProgram;
beforeEach(() => {
  program = new ExperimentsProgram();
});
afterEach(() => program.remove());

const tiny = () => ["-c", program.config(), "-o", program.output];

test.each([
  [["-e", "speed"], "--experiment must be one of performance, scalability, fault_tolerance, comparison: speed"],
  [["--only", "nothing"], "--only must be one of "],
  [["--profile", "slow"], "--profile must be one of quick, full: slow"],
  [["--repeat", "0"], "--repeat must be a whole number of at least 1: 0"],
  [["--seed", "x"], "--seed must be a whole number of at least 0: x"],
  [["--nonsense"], "Unknown option '--nonsense'"],
])("%s is bad usage: exit code 2 with help", async (args, message) => {
  const { code, stdout, stderr } = await program.run(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect(stderr).toContain("Usage: npm run experiments");
});

test.each([
  ["an unknown category", "performance:", "speed:", ": speed: Unknown key"],
  ["an unknown key", "num_workflows: 4", "num_workflow: 4", ": performance.throughput.num_workflow: Unknown key"],
  ["a wrong type", "[3]", "[three]", ": performance.throughput.workflow_sizes[0]: Invalid input: expected number"],
  ["a size of zero", "[3]", "[0]", ": performance.throughput.workflow_sizes[0]: Too small"],
])("%s in the configuration: exit code 2 with the place", async (_, from, to, message) => {
  const { code, stderr } = await program.run("-c", program.config(tinyConfig.replace(from, to)), "-o", program.output);
  expect(code).toBe(2);
  expect(stderr).toMatch(/config\.yaml:\d+:\d+: /);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
});

test("a folder that cannot be written is refused before anything is measured", async () => {
  writeFileSync(join(program.folder, "results"), "a file");
  const { code, stderr } = await program.run(...tiny());
  expect(code).toBe(2);
  expect(stderr).toContain("a part of its path is a file");
  rmSync(join(program.folder, "results"));
});

test("--list names every experiment with its question", async () => {
  const { code, stdout } = await program.run("--list", "-e", "performance");
  expect(code).toBe(0);
  expect(stdout).toContain("performance/throughput: How many tasks a second");
  expect(stdout).not.toContain("comparison/");
});

describe("a whole run", { timeout: 120_000 }, () => {
  test("leaves everything that the README names, and says what it found", async () => {
    const { code, stdout, stderr } = await program.run(...tiny());
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("performance/throughput");
    expect(stdout).toMatch(/Report: .*report\.html/);
    const [run] = program.runs();
    expect(run?.manifest()).toMatchObject({ profile: "full", seed: 7, isPartial: false });
    for (const file of [
      "config.yaml",
      "plan.json",
      "report.html",
      "claims.html",
      "summary.md",
      "performance/throughput/config.yaml",
      "performance/throughput/environment.json",
      "performance/throughput/plots/throughput-chain.svg",
      "performance/throughput/plots/throughput-chain.png",
    ])
      expect(run?.read(file).length, file).toBeGreaterThan(0);
    expect(readFileSync(join(program.output, "index.html"), "utf8")).toContain(run?.path.split("/").at(-1));
  });

  test("the same seed gives the same plan and the same facts, byte for byte; another one another plan", async () => {
    for (const seed of ["7", "7", "8"]) expect((await program.run(...tiny(), "--seed", seed)).code).toBe(0);
    const [first, second, other] = program.runs();
    const facts = (run = first) =>
      ["performance/throughput", "performance/run_timeline"].flatMap((name) =>
        run!.samples(name).map(({ variant, round, facts: found }) => JSON.stringify([variant, round, found])),
      );
    expect(second?.read("plan.json")).toBe(first?.read("plan.json"));
    expect(facts(second)).toEqual(facts());
    expect(other?.read("plan.json")).not.toBe(first?.read("plan.json"));
  });

  test("Ctrl-C keeps what is done and marks it as partial, and --continue measures the rest, once", async () => {
    const { process: running, ended } = program.start([...tiny(), "--repeat", "6", "--only", "throughput"]);
    while (!hasSamples()) await sleep(20);
    running.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    const [run] = program.runs();
    expect(run?.manifest()).toMatchObject({ isPartial: true, reason: "interrupted" });
    const done = run!.samples("performance/throughput");
    expect(done.length).toBeLessThan(36);
    expect(run?.read("report.html")).toContain("interrupted");

    const continued = await program.run("--continue", "-o", program.output);
    expect(continued.code, continued.stderr).toBe(0);
    expect(program.runs()).toHaveLength(1);
    const all = run!.samples("performance/throughput");
    expect(all.slice(0, done.length)).toEqual(done);
    expect(new Set(all.map(({ variant, round }) => `${variant} ${round}`)).size).toBe(36);
    expect(all).toHaveLength(36);
    expect(run?.manifest().isPartial).toBe(false);
  });

  function hasSamples(): boolean {
    try {
      return program.runs()[0]!.samples("performance/throughput").length > 2;
    } catch {
      return false;
    }
  }
});

test("nothing can be continued where nothing was interrupted", async () => {
  const { code, stderr } = await program.run("--continue", "-o", program.output);
  expect(code).toBe(2);
  expect(stderr).toContain("must be partial: none is");
});
