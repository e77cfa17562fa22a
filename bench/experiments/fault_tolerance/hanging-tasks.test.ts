import { expect, test } from "vitest";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import type { BarPicture } from "../../report/plots/picture.js";
import { checkHanging, HANGING_TASKS, hangingTasks } from "../../workloads/hanging-tasks.js";
import { handMade, lateLatencies, samplesOf, summaryOf, variantsOf } from "./fixtures/trial.fixture.js";
import hanging from "./hanging-tasks.js";

const variants = variantsOf(hanging, { hanging_share: 0.01, runs_per_second: 200, load_ms: 300 });

test("loops and waits are noticed, each once, while other runs go on", async () => {
  const samples = await samplesOf(hanging, variants);
  for (const { facts, shares, details, latencies } of samples) {
    expect(LatencyHistogram.merged([latencies!.lateness!]).count).toBe(facts?.runs);
    expect(shares?.completed).toEqual({ hits: facts?.runs, of: facts?.runs });
    expect(details).toEqual({ noticedMs: expect.objectContaining({ length: facts?.hangs }) });
  }
  expect(samples.map(({ facts }) => Number(facts?.hangs) > 0)).toEqual([false, true, true]);
  expect(samples.map(({ metrics }) => Object.keys(metrics ?? {}).length)).toEqual([0, 2, 2]);
});

const input = { kind: "loop", seed: 1, share: 0.3, folder: "", value: 7 } as const;
const runId = [...Array(50).keys()].map(String).find((id) => hangingTasks(input, id).length === 1)!; // at 30 % of 4 tasks there is one
const [hung] = hangingTasks(input, runId);
const right = Array.from({ length: HANGING_TASKS }, (_, index) => ({ value: 7 + index, ...(index === hung && { noticedMs: 3 }) }));

test("a run whose tasks hang as they must counts, with when they were noticed", () => {
  expect(checkHanging(input, runId, right)).toEqual([3]);
});

test.each([
  ["has a wrong value", right.map(({ value, ...rest }, index) => ({ ...rest, value: index === 0 ? 0 : value }))],
  ["lacks a value", right.slice(1)],
  ["did not hang", right.map(({ value }) => ({ value }))],
  ["hung elsewhere, too", right.map(({ value }) => ({ value, noticedMs: 1 }))],
])("a run does not count that %s", (_, parts) => expect(() => checkHanging(input, runId, parts)).toThrow("Cannot count run"));

test("the headline and the pictures tell of what hangs and of the others", () => {
  const latency = LatencyHistogram.empty();
  for (let run = 0; run < 300; run++) latency.recordMs(2);
  const others = latency.encoded();
  const metrics = { noticedMs: 40, worstNoticedMs: 60 };
  const samples = variants.map(({ key }) => handMade(key, { latencies: { others }, ...(key !== "none" && { metrics }) }));
  const summary = summaryOf(hanging, variants, samples);
  expect(hanging.headline(summary)).toMatch(
    /^noticed: endless loops 40\.0 ms after their time-out, waits .*; other runs: P50 2\.00 ms, worst 2\.00 ms, nothing hangs; P50/,
  );
  const [noticed, felt] = hanging.figure(summary, []) as [BarPicture, BarPicture]; // as: they are two of this kind
  expect(noticed.bars.map(({ name }) => name)).toEqual([
    "endless loops, median",
    "endless loops, worst",
    "waits that never end, median",
    "waits that never end, worst",
  ]);
  expect(felt.bars.map(({ value }) => value === undefined)).toEqual([false, true, false, true, false, true]); // 300 runs are too few for P99
});

test("what the load generator was too late for is void", () => {
  const latencies = lateLatencies("others");
  const samples = variants.map(({ key }) => handMade(key, { latencies, metrics: { noticedMs: 40, worstNoticedMs: 60 } }));
  const summary = summaryOf(hanging, variants, samples);
  expect(hanging.headline(summary)).toContain("worst 2.00 ms, endless loops (void: generator late)");
  const [, felt] = hanging.figure(summary, []) as [BarPicture, BarPicture]; // as: they are two of this kind
  expect(felt.bars[0]).toMatchObject({ name: "P50, nothing hangs (void: generator late)", value: undefined });
});

test("nothing measured is said and drawn as gaps", () => {
  for (const some of [variants, []]) {
    const summary = summaryOf(hanging, some, []);
    expect(hanging.headline(summary)).toBe("not measured");
    expect(hanging.figure(summary, [])).toHaveLength(2);
  }
});
