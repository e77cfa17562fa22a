import { DataFlowerError } from "dataflower";
import { expect, test } from "vitest";
import { checkCascade } from "../../harness/measurements/cascades.js";
import type { LinePicture } from "../../report/plots/picture.js";
import { cascadeFateOf, expectedShare, FALLBACK, type Handling, taskName } from "../../workloads/cascade.js";
import { graphOf } from "../../workloads/graphs.js";
import { inputOf } from "../../workloads/inputs.js";
import cascading from "./cascading-failures.js";
import { handMade, samplesOf, summaryOf, variantsOf } from "./fixtures/trial.fixture.js";

const handlings = ["stop", "continue", "skip-dependents", "fallback"] as const;
const config = { shapes: ["layered"], workflow_size: 30, failure_rates: [0.1], handlings, num_workflows: 20 };
const variants = variantsOf(cascading, config);

test("failures spread as the graph says, whatever is done about them", async () => {
  const samples = await samplesOf(cascading, variants);
  expect(cascading.check?.(samples)).toEqual([]);
  const [stop, goOn, skip, fallback] = samples.map(({ metrics }) => metrics?.completedTasksPercent ?? 0);
  expect([stop! <= goOn!, skip, fallback! > goOn!]).toEqual([true, goOn, true]);
  expect(samples[3]?.shares).toEqual({ completedRuns: { hits: 20, of: 20 } });
  const [again] = await samplesOf(cascading, variants.slice(1, 2));
  expect(again).toEqual(samples[1]);
}, 60_000);

const chain = graphOf("chain-3");
const input = { toss: { seed: 1, failureShare: 0.4 }, input: inputOf(3) };
const fateOf = (handling: Handling, runId: string) => cascadeFateOf(chain, handling, input, runId);
const ids = [...Array(200).keys()].map(String);
/** Runs in which the second of three fails, and no other would; and in which none does. Of 200 runs there are such. */
const broken = ids.find((id) => JSON.stringify(fateOf("fallback", id).fail) === "[1]")!;
const whole = ids.find((id) => fateOf("fallback", id).fail.length === 0)!;

test("what depends on a task that failed is not executed, unless another value stands in", () => {
  expect(fateOf("continue", broken)).toEqual({ fail: [1], complete: [0] });
  const { answer, ...rest } = fateOf("fallback", broken);
  expect(rest).toEqual({ fail: [1], complete: [0, 2] });
  expect(answer).toEqual([{ v: 31 + FALLBACK.v, name: FALLBACK.name }]);
  expect(fateOf("continue", whole)).toEqual({ fail: [], complete: [0, 1, 2], answer: chain.expected(input.input) });
});

test("on the average of all coins a task completes when nothing above it fails", () => {
  expect(expectedShare(chain, "continue", 0.1)).toBeCloseTo((0.9 + 0.81 + 0.729) / 3, 12);
  expect(expectedShare(graphOf("diamond-4"), "stop", 0.5)).toBeCloseTo((1 / 2 + 1 / 4 + 1 / 4 + 1 / 16) / 4, 12);
  expect(expectedShare(chain, "fallback", 0.1)).toBeCloseTo(0.9, 12);
  const stencil = graphOf("stencil-100");
  const completed = ids.flatMap(
    (id) => cascadeFateOf(stencil, "continue", { ...input, toss: { seed: 5, failureShare: 0.05 } }, id).complete,
  );
  expect(completed.length / (100 * ids.length)).toBeCloseTo(expectedShare(stencil, "continue", 0.05), 1);
});

const failed = (task: number) => new DataFlowerError("DF_TASK_FAILED", "failed", { task: taskName(task) });
const record = (task: number, outcome: "returned" | "failed" = "returned") => ({ name: taskName(task), outcome });
const run = (handling: Handling, runId: string) => ({ runId, handling, fate: fateOf(handling, runId) });

test("a run may end as its graph decides; one that is stopped, with fewer tasks", () => {
  expect(checkCascade(run("continue", broken), failed(1), [record(0), record(1, "failed")])).toBe(1);
  expect(checkCascade(run("stop", broken), failed(1), [record(1, "failed")])).toBe(0);
  expect(checkCascade(run("continue", whole), chain.expected(input.input), [record(0), record(1), record(2)])).toBe(3);
});

test.each([
  ["executed what it must not", run("continue", broken), failed(1), [record(0), record(1, "failed"), record(2)]],
  ["executed a task twice", run("stop", broken), failed(1), [record(0), record(0), record(1, "failed")]],
  ["left out a task", run("continue", broken), failed(1), [record(1, "failed")]],
  ["failed by another task", run("continue", broken), failed(0), [record(0), record(1, "failed")]],
  ["completed", run("continue", broken), chain.expected(input.input), [record(0), record(1, "failed")]],
  ["gave a wrong answer", run("stop", whole), [FALLBACK], [record(0), record(1), record(2)]],
  ["failed for nothing", run("stop", whole), failed(1), [record(0), record(1), record(2)]],
])("a run does not count that %s", (_, of, ended, records) => expect(() => checkCascade(of, ended, records)).toThrow("Cannot count run"));

test("sums that are not those of the graph are a problem", () => {
  const sample = (handling: string, completedTasksPercent: number) =>
    handMade(`stencil-10, 5 %, ${handling}`, { metrics: { completedTasksPercent }, facts: { expectedTasksPercent: 80 } });
  expect(cascading.check?.([sample("continue", 80), sample("stop", 60), handMade("x", { absent: "why" })])).toEqual([]);
  expect(cascading.check?.([sample("continue", 79), sample("stop", 81)])).toHaveLength(2);
});

test("the headline and the pictures tell of each handling, computed lines dashed", () => {
  const metrics = { completedTasksPercent: 50 };
  const summary = summaryOf(
    cascading,
    variants,
    variants.map(({ key }) => handMade(key, { metrics })),
  );
  expect(cascading.headline(summary)).toBe(
    "tasks of layered-30 that complete when 10 % fail: stop 50.0 %, continue 50.0 %, skip-dependents 50.0 %, fallback 50.0 %",
  );
  const [picture] = cascading.figure(summary, []) as [LinePicture]; // as: there is one graph
  expect(picture.lines.map(({ name, stroke }) => [name, stroke])).toEqual([
    ...handlings.map((handling) => [handling, undefined]),
    ["computed: no ancestor fails", "dashed"],
    ["computed: does not fail itself", "dashed"],
  ]);
  expect(picture.lines.at(-1)?.points).toEqual([{ x: 10, y: 90 }]);
});

test("how sure the tasks that complete are is what the rounds differ by", () => {
  const percents = [20, 60, 25];
  const samples = percents.map((completedTasksPercent, round) =>
    handMade(variants[0]!.key, { round, metrics: { completedTasksPercent }, shares: { completedRuns: { hits: 1, of: 20 } } }),
  );
  const [picture] = cascading.figure(summaryOf(cascading, variants, samples), []) as [LinePicture]; // as: there is one graph
  expect(picture.lines[0]?.points).toEqual([{ x: 10, y: { median: 25, low: 20, high: 60 } }]);
  expect(picture.lines[0]?.samples?.map(([, percent]) => percent)).toEqual(percents);
});

test("nothing measured is said and drawn as gaps", () => {
  const summary = summaryOf(cascading, variants, []);
  expect(cascading.headline(summary)).toBe("not measured");
  expect(cascading.figure(summary, [])).toHaveLength(1);
  expect(cascading.figure(summaryOf(cascading, [], []), [])).toEqual([]);
});
