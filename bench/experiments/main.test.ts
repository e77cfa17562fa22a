/** The program that measures experiments, as its users start it. */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isSkipped, openChromium } from "../report/pages/chromium.fixture.js";
import { checkFile } from "../report/pages/page-checks.fixture.js";
import { ExperimentsProgram, tinyConfig } from "./program.fixture.js";
import { schemaProblems } from "./result-schemas.fixture.js";

/** Why no small disk can be had here. */
const noMount =
  spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0 ? undefined : "this user may not mount a small disk";
if (noMount !== undefined) console.warn(`SKIPPED a full disk: ${noMount}`);

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
  [["--repeat", "0"], "--repeat must be a whole number from 1 to 1000: found 0"],
  [["--seed", "x"], "--seed must be a whole number from 0 to 4294967295: found x"],
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
  ["the same size twice", "[3]", "[3, 3]", ": performance.throughput.workflow_sizes[1]: Found twice: 3, as [0]"],
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

  test("rounds of an experiment lie apart: the first one of all experiments comes before the second one of any", async () => {
    const { code, stderr } = await program.run(...tiny(), "--repeat", "2");
    expect(code, stderr).toBe(0);
    const told = [...stderr.matchAll(/\] performance\/(\w+): (round 1 of 2)?/g)].map(([, name, round]) => [name, round ?? "found"]);
    expect(told).toEqual([
      ["run_timeline", "round 1 of 2"],
      ["throughput", "round 1 of 2"],
      ["run_timeline", "found"],
      ["throughput", "found"],
    ]);
    const [run] = program.runs();
    expect(run?.samples("performance/throughput").map(({ round }) => round)).toEqual([...Array(6).fill(0), ...Array(6).fill(1)]);
  });

  test("Ctrl-C keeps what is done and marks it as partial, and --continue measures the rest, once", async () => {
    const { process: running, ended } = program.start([...tiny(), "--repeat", "12", "--only", "throughput"]);
    while (!hasSamples()) await sleep(20);
    const beside = await program.run("--continue", "-o", program.output);
    expect([beside.code, beside.stderr]).toEqual([2, expect.stringContaining(`found process ${running.pid}`)]);
    running.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    const [run] = program.runs();
    expect(run?.manifest()).toMatchObject({ isPartial: true, reason: "interrupted" });
    const done = run!.samples("performance/throughput");
    expect(done.length).toBeLessThan(72);
    expect(run?.read("report.html")).toContain("interrupted");
    appendFileSync(join(run!.path, "performance/throughput/samples.jsonl"), '{"variant":"cut o');
    const other = await program.run("--continue", "-o", program.output, "--quick");
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("as its profile is full: found --profile quick")]);

    const continued = await program.run("--continue", "-o", program.output);
    expect(continued.code, continued.stderr).toBe(0);
    expect(program.runs()).toHaveLength(1);
    const all = run!.samples("performance/throughput");
    expect(all.slice(0, done.length)).toEqual(done);
    expect(new Set(all.map(({ variant, round }) => `${variant} ${round}`)).size).toBe(72);
    expect(all).toHaveLength(72);
    const { isPartial, command } = run!.manifest();
    expect([isPartial, command]).toEqual([
      false,
      `npm run experiments -- --only throughput --repeat 12 -c ${join(program.folder, "config.yaml")}`,
    ]);
    expect(run!.json("performance/throughput/summary.json")).toMatchObject({ command });
    expect(existsSync(join(run!.path, "owner.json"))).toBe(false);
  });

  test("JSON follows the published schemas, and pages have no fault in a browser", async () => {
    expect((await program.run(...tiny())).code).toBe(0);
    const [run] = program.runs();
    expect(schemaProblems("run", run!.manifest())).toEqual([]);
    for (const name of ["performance/throughput", "performance/run_timeline"]) {
      expect(schemaProblems("summary", run!.json(`${name}/summary.json`))).toEqual([]);
      expect(schemaProblems("environment", run!.json(`${name}/environment.json`))).toEqual([]);
      for (const sample of run!.samples(name)) expect(schemaProblems("sample", sample)).toEqual([]);
    }
    if (isSkipped) {
      console.warn("SKIPPED looking at pages: chromium is not installed");
      return;
    }
    const browser = await openChromium();
    try {
      for (const page of [`${run!.path}/report.html`, `${run!.path}/claims.html`, `${program.output}/index.html`])
        expect(await checkFile(browser, page), page).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test("while it runs, its metrics are served", async () => {
    const { process: running, ended } = program.start([...tiny(), "--only", "throughput"]);
    const address = await new Promise<string>((resolve) => {
      let said = "";
      running.stderr?.on("data", (text: string) => {
        said += text;
        const [found] = /http:\S+\/metrics/.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const text = await (await fetch(address)).text();
    expect(text).toContain('dataflower_experiments_units_planned{category="performance",experiment="throughput"} 12');
    expect((await ended).code).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });

  test("a contender whose server is missing is marked absent with the reason, and the others are measured", async () => {
    const config = `${tinyConfig}comparison:\n  real_systems: { rounds: 1, workloads: [chain-10], in_flight: 4, durable_in_flight: 4, durability: process }\n`;
    const without = ["env", "PATH=/nowhere"];
    const { ended } = program.start(["-c", program.config(config), "-o", program.output, "--only", "real_systems"], without);
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(0);
    const [run] = program.runs();
    const samples = run!.samples("comparison/real_systems");
    const absent = samples.filter((sample) => sample.absent !== undefined);
    expect(new Set(absent.map((sample) => sample.absent))).toEqual(new Set(["redis-server is not installed"]));
    expect(absent.length).toBeGreaterThan(1);
    expect(samples.filter(({ metrics }) => (metrics?.tasksPerSecond ?? 0) > 0).length).toBeGreaterThan(4);
    expect(run!.read("report.html")).toContain("redis-server is not installed");
  });

  test("what breaks fails its experiment, the others are measured, and the program ends with 1", async () => {
    const breaking = join(program.folder, "breaking.mjs");
    writeFileSync(breaking, 'if (process.argv.includes("measureTimeline")) throw new Error("broken");\n');
    const { code, stdout } = await program.start(tiny(), ["env", `NODE_OPTIONS=--import=${breaking}`]).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/performance\/run_timeline +failed +Cannot measure measureTimeline/);
    const [run] = program.runs();
    expect(run?.manifest().experiments.map(({ name, status }) => [name, status])).toEqual([
      ["run_timeline", "failed"],
      ["throughput", "done"],
    ]);
  });

  test.skipIf(noMount !== undefined && process.env.CI !== "true")(
    "a disk that is full ends the run with 2 and says so, and what is there is marked",
    async () => {
      expect(noMount).toBe(undefined);
      mkdirSync(program.output);
      const onSmallDisk = 'mount -t tmpfs -o size=128k tmpfs "$0" && { "$@"; code=$?; cat "$0"/*/run.json; exit $code; }';
      const { ended } = program.start([...tiny(), "--repeat", "60"], ["unshare", "-m", "sh", "-c", onSmallDisk, program.output]);
      const { code, stdout, stderr } = await ended;
      expect(code, stderr).toBe(2);
      expect(stderr).toContain("as it must take what is written: the disk is full");
      expect(JSON.parse(stdout)).toMatchObject({ isPartial: true });
    },
  );

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
