/** Two real threads, each hop a few times, in a process of its own as when it is measured. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { LatencyHistogram } from "../../harness/latency-histogram.js";
import type { HopsSample, ThreadHopsParameters } from "./hops.js";
import { renderHops, summariseHops } from "./hops-report.js";

const child = fileURLToPath(new URL("../../../dist/bench/harness/child.js", import.meta.url));

test("every hop is made as often as was asked, and counted once", async () => {
  const parameters: ThreadHopsParameters = { measure: "thread-hops", spinning: 50, asleep: 5 };
  const { stdout } = await promisify(execFile)(process.execPath, [child, "dataflower", "hops", JSON.stringify(parameters)]);
  const { hops } = JSON.parse(stdout) as HopsSample; // what this measurement prints
  const counts = hops.map(({ name, latency }) => [name.split(":")[0], LatencyHistogram.merged([latency]).count]);
  expect(counts).toEqual([
    ["doorbell", 50],
    ["doorbell", 5],
    ["ping-pong", 50],
    ["ping-pong", 5],
  ]);
});

test("processes are merged, and a percentile of too few hops is left out", () => {
  const latency = LatencyHistogram.empty();
  for (let hop = 0; hop < 600; hop++) latency.recordMs(0.002);
  const name = "to and fro";
  const [row] = summariseHops([
    { name, latency: latency.encoded() },
    { name, latency: latency.encoded() },
  ]);
  expect(row).toMatchObject({ name, count: 1200 });
  expect(Object.keys(row!.quantilesUs)).toEqual(["0.5", "0.9"]);
  expect(renderHops([row!])).toMatch(/to and fro +2\.00 µs +2\.00 µs +- +- +2\.00 µs +1,200$/);
});
