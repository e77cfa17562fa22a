import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { captureEnvironment, type Environment } from "../harness/environment.js";
import { LatencyHistogram } from "../harness/latency-histogram.js";
import { categories, profiles } from "./experiment.js";
import { type ResultKind, resultKinds, resultSchema, schemaProblems } from "./result-schemas.fixture.js";
import type { RunManifest } from "./run-folder.js";
import type { Sample } from "./sample.js";
import { type Summary, summarise } from "./summary.js";

function latencies(count: number): string {
  const histogram = LatencyHistogram.empty();
  for (let us = 1; us <= count; us++) histogram.recordMs(us / 1e3);
  return histogram.encoded();
}

const sample = {
  variant: "DataFlower, fan-10",
  round: 0,
  stealShare: 0.01,
  repeats: 1,
  metrics: { tasksPerSecond: 73_500.5, "p50Us at 50 %": 0 },
  shares: { success: { hits: 19, of: 20 } },
  latencies: { run: latencies(200_000) },
  facts: { answers: "1f2e" },
  details: [1, null, "anything"],
} satisfies Sample;
const absent = { variant: "BullMQ", round: 0, stealShare: 0, repeats: 0, absent: "redis-server is not installed" } satisfies Sample;

const environment = {
  cpu: "AMD EPYC",
  cores: 2,
  memoryGiB: 24,
  system: "Linux 6.1.0",
  node: "v20.20.2",
  v8: "11.3.244.8-node.38",
  flags: ["--expose-gc"],
  commit: "1a2b3c4",
  isDirty: false,
  time: "2026-01-31T12:00:00.000Z",
} satisfies Environment;

const summary = {
  category: "performance",
  experiment: "throughput",
  question: "How many tasks a second?",
  headline: "many",
  profile: "full",
  seed: 1,
  rounds: 2,
  isPartial: false,
  command: "npm run experiments -- --only throughput",
  ...summarise([sample, { ...sample, round: 1 }, { ...sample, variant: "other" }, absent], {
    variants: [sample.variant, "other", absent.variant].map((key) => ({ key, labels: { contender: key, tasks: 10 } })),
    comparisons: [{ name: "ours ÷ other", metric: "tasksPerSecond", of: sample.variant, to: "other" }],
    seed: 1,
  }),
  derived: { slope: { median: -1.5, low: -2, high: 0 } },
  problems: ["One task was lost."],
} satisfies Summary;

const run = {
  time: environment.time,
  commit: "nogit",
  profile: "quick",
  seed: 4_294_967_295,
  command: "npm run experiments -- --profile quick --seed 4294967295",
  arguments: ["--profile", "quick", "--seed", "4294967295"],
  elapsedMs: 25_910.3,
  isPartial: true,
  reason: "interrupted",
  experiments: [
    { category: "performance", name: "throughput", status: "done", rounds: 10, units: 72 },
    { category: "fault_tolerance", name: "kill_9", status: "failed", message: "an answer is wrong", rounds: 1, units: 0 },
    { category: "comparison", name: "schedulers", status: "not started", rounds: 1, units: 4 },
  ],
} satisfies RunManifest;

const optionalKeys: Partial<Record<ResultKind, readonly string[]>> = {
  sample: ["metrics", "shares", "latencies", "facts", "details"],
  run: ["arguments"],
};

const examples: Readonly<Record<ResultKind, object>> = { sample, summary, environment, run };

describe.each(resultKinds)("the schema of a %s", (kind) => {
  test("accepts what is right", () => expect(schemaProblems(kind, examples[kind])).toEqual([]));

  test("describes everything there is, and nothing else", () => {
    const described = Object.keys(resultSchema(kind).properties as object); // as: an object of schemas
    const present = Object.keys({ ...examples[kind], ...(kind === "sample" && absent) });
    expect(described.sort()).toEqual(present.sort());
    expect(schemaProblems(kind, { ...examples[kind], unheardOf: 1 })).toEqual([
      expect.stringContaining("must NOT have additional properties"),
    ]);
  });

  test("demands all that is always there", () => {
    const optional = optionalKeys[kind] ?? [];
    for (const key of Object.keys(examples[kind])) {
      const { [key]: _, ...rest } = examples[kind] as Record<string, unknown>; // as: any of them is an object
      expect([key, schemaProblems(kind, rest).length === 0]).toEqual([key, optional.includes(key)]);
    }
  });

  test.each([null, [], "text", 1, {}])("refuses %j", (value) => expect(schemaProblems(kind, value)).not.toEqual([]));
});

test("what is found on this machine is right", () => {
  expect(schemaProblems("environment", captureEnvironment(fileURLToPath(new URL("../../", import.meta.url))))).toEqual([]);
  expect(schemaProblems("sample", absent)).toEqual([]);
  expect(schemaProblems("run", { ...run, isPartial: false, reason: undefined })).toEqual([]);
});

test("the run whose results are kept is right", () => {
  const kept = new URL("../../results/reference/experiments/run.json", import.meta.url);
  expect(schemaProblems("run", JSON.parse(readFileSync(kept, "utf8")))).toEqual([]);
});

test("the summary of the example has something in every place", () => {
  const [ours, , missing] = summary.variants;
  expect(Object.keys(ours!.latencies.run!).sort()).toEqual(["count", "curve", "max", "p50", "p90", "p99", "p999"]);
  expect([missing!.absent, summary.ratios.length]).toEqual([absent.absent, 1]);
});

describe("refused is", () => {
  test.each<[string, ResultKind, object, string]>([
    ["a number that is none", "sample", { ...sample, metrics: { rate: Number.NaN } }, "/metrics/rate: must be number"],
    ["a number as text", "sample", { ...sample, metrics: { rate: "1" } }, "/metrics/rate: must be number"],
    ["a share of nothing", "sample", { ...sample, shares: { success: { hits: 0, of: 0 } } }, "/shares/success/of: must be >= 1"],
    ["half a share", "sample", { ...sample, shares: { success: { hits: 1 } } }, "/shares/success: must have required property 'of'"],
    ["a histogram that is not encoded", "sample", { ...sample, latencies: { run: "{}" } }, "/latencies/run: must match pattern"],
    ["a round before the first one", "sample", { ...sample, round: -1 }, "/round: must be >= 0"],
    ["more than all of the processor's time", "sample", { ...sample, stealShare: 1.1 }, "/stealShare: must be <= 1"],
    ["a number of what is absent", "sample", { ...sample, absent: "why" }, "/metrics: boolean schema is false"],
    ["a category that is none", "summary", { ...summary, category: "speed" }, "/category: must be equal to one of"],
    [
      "a metric without its interval",
      "summary",
      withMetric({ median: 1, values: [1] }),
      "/metrics/rate: must have required property 'low'",
    ],
    [
      "a metric without values",
      "summary",
      withMetric({ median: 1, low: 1, high: 1, values: [] }),
      "/metrics/rate/values: must NOT have fewer",
    ],
    [
      "a figure that is none",
      "summary",
      { ...summary, derived: { fit: { median: Number.NaN, low: 0, high: 0 } } },
      "/derived/fit/median: must be number",
    ],
    ["a problem without words", "summary", { ...summary, problems: [""] }, "/problems/0: must NOT have fewer"],
    ["a machine without cores", "environment", { ...environment, cores: 0 }, "/cores: must be >= 1"],
    ["a user's name", "environment", { ...environment, user: "me" }, "must NOT have additional properties"],
    ["a commit that is none", "environment", { ...environment, commit: "main" }, "/commit: must match pattern"],
    ["a time that is none", "run", { ...run, time: "today" }, "/time: must match pattern"],
    ["a part without its reason", "run", { ...run, reason: undefined }, "must have required property 'reason'"],
    ["a reason of a whole", "run", { ...run, isPartial: false }, "/reason: boolean schema is false"],
    ["a failure without a message", "run", withState({ status: "failed" }), "/experiments/0: must have required property 'message'"],
    ["a state that is none", "run", withState({ status: "running" }), "/experiments/0/status: must be equal to one of"],
    ["a name that leads elsewhere", "run", withState({ name: "../x" }), "/experiments/0/name: must match pattern"],
  ])("%s", (_, kind, value, problem) => expect(schemaProblems(kind, value).join("\n")).toContain(problem));
});

test("categories and profiles are those of the code", () => {
  for (const kind of ["summary", "run"] as const) {
    const text = JSON.stringify(resultSchema(kind));
    expect(text).toContain(JSON.stringify({ enum: categories }));
    expect(text).toContain(`"enum":${JSON.stringify(profiles)}`);
  }
});

function withMetric(metric: object): object {
  return { ...summary, variants: [{ key: "a", labels: {}, n: 1, metrics: { rate: metric }, shares: {}, latencies: {} }] };
}

function withState(state: object): object {
  return { ...run, experiments: [{ ...run.experiments[0], ...state }] };
}
