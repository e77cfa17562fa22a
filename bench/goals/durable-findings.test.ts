import { expect, test } from "vitest";
import { ROWS, type Row } from "../benchmarks/durable-peers/rows.js";
import { LatencyHistogram } from "../harness/latency-histogram.js";
import { durableFindings, FAN_IN, hopKey, IN_FLIGHT_MAX, memoryKey, rateKey, resumptionKey, STENCIL } from "./durable-findings.js";
import { verdictOf } from "./goal.js";
import { Figures, type KeyedSample } from "./throughput-findings.js";

const isOurs = ({ contender }: Row) => contender === "dataflower";

function hops(waits: number): string {
  const histogram = LatencyHistogram.empty();
  for (let wait = 0; wait < waits; wait++) histogram.recordMs(0.5);
  return histogram.encoded();
}

/** Two rounds in which ours do so much as often as the peers. */
function findings(factor: number, rows: readonly Row[] = ROWS, hopsOfRound = 5_000) {
  const rate = (key: string, tasksPerSecond: number): KeyedSample => ({ key, tasksPerSecond });
  const round = [
    ...rows.flatMap((row) =>
      [STENCIL, FAN_IN].map((workload) => rate(rateKey(row, workload, IN_FLIGHT_MAX), isOurs(row) ? 1_000 * factor : 1_000)),
    ),
    ...rows.map((row): KeyedSample => ({ key: hopKey(row), hops: hops(hopsOfRound) })),
    rate(memoryKey(STENCIL), 1_000_000 / 6),
    ...["lmdb", "redis"].map((store): KeyedSample => ({ key: resumptionKey(store), startMs: 5, doneMs: 7 })),
  ];
  const samples = [...round, ...round];
  const found = durableFindings(new Figures(samples), samples, { rows, seed: 1, resumed: 10_000 });
  expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
  return found;
}

const judged = (verdict: string, found: ReturnType<typeof findings>) =>
  found.filter((finding) => verdictOf(finding) === verdict).map(({ name }) => name);

test("at their limits the goals beside peers and beside memory are met", () => {
  expect(judged("met", findings(100))).toEqual([
    "fan-in-101: DataFlower, lmdb, strict, fdatasync a commit ÷ BullMQ flow, AOF always",
    "stencil-100: DataFlower, lmdb, strict, fdatasync a commit ÷ Restate steps, fsync a batch",
    "fan-in-101: DataFlower, redis, strict, AOF everysec ÷ BullMQ flow, AOF everysec",
    "stencil-100: DataFlower, redis, strict, AOF everysec ÷ Restate steps, no fsync",
    ...ROWS.filter(({ commit }) => commit === "pipelined").map(({ title }) => `stencil-100: ${title} ÷ memory`),
  ]);
});

test("a little less misses all of them", () => {
  const found = findings(99);
  expect(judged("met", found)).toEqual([]);
  expect(judged("missed", found)).toEqual(judged("met", findings(100)));
});

test("what was not measured has no line, or says so", () => {
  const found = findings(
    100,
    ROWS.filter(({ contender }) => contender !== "restate"),
    100,
  );
  expect(found.filter(({ name }) => name.includes("Restate"))).toEqual([]);
  expect(judged("not measured", found)).toContain("hop, one run in flight, P99 of 200: BullMQ flow, AOF always");
});

test("hops of all rounds are merged, and resumption is told in two moments", () => {
  const found = Object.fromEntries(findings(100).map(({ name, estimate }) => [name, estimate?.median]));
  expect(found["hop, one run in flight, P99 of 10,000: Restate steps, no fsync"]).toBeCloseTo(500, -1);
  expect(found["10,000 unfinished runs of a killed process, redis: until start() resolves"]).toBe(5);
  expect(found["10,000 unfinished runs of a killed process, lmdb: until the last has ended"]).toBe(7);
});
