import { expect, test } from "vitest";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import type { LinePicture } from "../../report/plots/picture.js";
import { outcomeWith } from "../outcome.fixture.js";
import type { Measured } from "../sample.js";
import latency from "./latency.js";

const config = { workflow_size: 10, shape: "fan", in_flight: 64, loads: [0.25, 0.5] };
const OURS = "DataFlower, profile latency";

function found({ ms = 1, lateUs = 10, hasKeptUp = true, runs = 10_000 } = {}): Measured {
  const histogram = LatencyHistogram.empty();
  for (let run = 0; run < runs; run++) histogram.recordMs(ms);
  const loads = ["25 %", "50 %"];
  const metrics = loads.flatMap((at) => [
    [`p50Us at ${at}`, ms * 1e3],
    [`lateP50Us at ${at}`, lateUs],
    [`achievedPerSecond at ${at}`, 1_000],
  ]);
  return {
    metrics: Object.fromEntries(metrics),
    shares: Object.fromEntries(loads.map((at) => [`kept up at ${at}`, { hits: hasKeptUp ? 1 : 0, of: 1 }])),
    latencies: Object.fromEntries(loads.map((at) => [at, histogram.encoded()])),
  };
}

const pictures = (measured: Measured) =>
  outcomeWith(latency, { config, measured: (_, __, key) => (key === OURS ? measured : undefined) }).pictures as readonly LinePicture[]; // as: it draws lines
const pointsOf = (measured: Measured, name: string) => pictures(measured)[0]!.lines.find((line) => line.name === `${OURS}: ${name}`)!;

test("a load that is kept up with is a point; its percentiles need enough runs", () => {
  expect(pointsOf(found(), "P50").points).toEqual([
    { x: 25, y: expect.closeTo(1_000, -1) },
    { x: 50, y: expect.closeTo(1_000, -1) },
  ]);
  expect(pointsOf(found({ runs: 500 }), "P99").points.map(({ y }) => y)).toEqual([undefined, undefined]);
});

test.each([
  ["the contender falls behind", { hasKeptUp: false }],
  ["the generator is later than a fifth of the median", { lateUs: 201 }],
])("where %s the load is void: it is drawn, but no point", (_, changed) => {
  const line = pointsOf(found(changed), "P50");
  expect(line.points).toEqual([]);
  expect(line.samples).toHaveLength(2);
});

test("the curve of percentiles is that at half of the capacity", () => {
  const [line] = pictures(found())[2]!.lines;
  expect(line?.points.map(({ x }) => x)).toEqual([1.33333, 2, 4, 10, 20, 40, 100]);
});

test("loads that are told as the same percentage are refused", () => {
  const { loads } = latency.config;
  expect(loads.safeParse([0.5, 0.51]).success).toBe(true);
  expect(loads.safeParse([0.5, 0.504]).error?.issues[0]).toMatchObject({ path: [1], message: "Found twice: 50 %, as [0]" });
});
