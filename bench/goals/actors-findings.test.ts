import { expect, test } from "vitest";
import { LatencyHistogram } from "../harness/latency-histogram.js";
import { askContenderNames } from "../peers/asks/contenders.js";
import { ACTORS_MANY, actorFindings, askKey, idleKey, messageKey } from "./actors-findings.js";
import { cellsOf, verdictOf } from "./goal.js";

function latencies(asks: number): string {
  const histogram = LatencyHistogram.empty();
  for (let ask = 0; ask < asks; ask++) histogram.recordMs(ask % 100 === 0 ? 0.1 : 0.01);
  return histogram.encoded();
}

/** Three rounds of the same figures. */
function findings({ actors = ACTORS_MANY, asks = 4_000, residentMb = 900 } = {}) {
  const round = [
    { key: messageKey(1), messagesPerSecond: 3e6 },
    { key: messageKey(2), messagesPerSecond: 4e5 },
    ...askContenderNames.map((by) => ({ key: askKey(by), asks, latencies: latencies(asks) })),
    { key: idleKey, actors, createdPerSecond: 5e5, liveBytes: 500 * actors, residentBytesMax: residentMb * 1e6 },
  ];
  return actorFindings([...round, ...round, ...round], 1);
}

const named = (part: string, options?: Parameters<typeof findings>[0]) => findings(options).find(({ name }) => name.includes(part))!;

test("only memory is judged; everything else is printed", () => {
  const verdicts = findings().map((finding) => verdictOf(finding));
  expect(verdicts.filter((verdict) => verdict === "met")).toEqual(["met"]);
  expect(new Set(verdicts)).toEqual(new Set(["", "met"]));
  expect(cellsOf(named("within a worker"))).toEqual([
    "",
    "3.00 M /s",
    "",
    "messages between two actors, within a worker",
    "npm run goals -- actors",
  ]);
  expect(named("an idle actor").estimate?.median).toBe(500);
  expect(named("ask to a worker, P50").estimate?.median).toBeCloseTo(10, 1);
  expect(named("ask to a worker, P50").name).toContain("of 12,000");
});

test("a million idle actors may take 1 GB, and fewer are not judged", () => {
  expect(verdictOf(named("resident", { residentMb: 1_000 }))).toBe("met");
  expect(verdictOf(named("resident", { residentMb: 1_001 }))).toBe("missed");
  expect(verdictOf(named("resident", { actors: 10_000 }))).toBe("not measured");
});

test("a P99 of too few asks is not measured, nor is anything of nothing", () => {
  expect(verdictOf(named("ask to a worker, P99"))).toBe("");
  expect(verdictOf(named("ask to a worker, P99", { asks: 1_000 }))).toBe("not measured");
  expect(new Set(actorFindings([], 1).map(verdictOf))).toEqual(new Set(["not measured"]));
});
