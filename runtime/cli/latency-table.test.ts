import { expect, test } from "vitest";
import type { Latency } from "../observe/latency.js";
import { latencyJson, latencyTable } from "./latency-table.js";

const latency = (count: number): Latency => ({
  count,
  mean: 1,
  p50: 0.5,
  p90: 1_500,
  p99: 2_500_000,
  p999: 3_000_000,
  max: 4_000_000,
  percentiles: () => "",
});
const latencies = { queue: latency(10_000), service: latency(9_999), hop: latency(99), "end-to-end": latency(0) };

test("a table shows a percentile only where enough values stand behind it", () => {
  expect(latencyTable(latencies).split("\n")).toEqual([
    "latency          n       P50      P90     P99     max",
    "queue       10,000  0.500 µs  1.50 ms  2.50 s  4.00 s",
    "service      9,999  0.500 µs  1.50 ms       -  4.00 s",
    "hop             99  0.500 µs        -       -  4.00 s",
    "end-to-end       0         -        -       -       -",
  ]);
});

test("JSON has null there", () => {
  expect(latencyJson(latencies)).toEqual({
    queue: { n: 10_000, p50Us: 0.5, p90Us: 1_500, p99Us: 2_500_000, maxUs: 4_000_000 },
    service: { n: 9_999, p50Us: 0.5, p90Us: 1_500, p99Us: null, maxUs: 4_000_000 },
    hop: { n: 99, p50Us: 0.5, p90Us: null, p99Us: null, maxUs: 4_000_000 },
    "end-to-end": { n: 0, p50Us: null, p90Us: null, p99Us: null, maxUs: null },
  });
});
