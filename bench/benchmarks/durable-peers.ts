import type { Throughput } from "../harness/closed-loop.js";
import type { MeasuringOptions } from "../harness/measuring-options.js";
import type { Benchmark } from "./benchmark.js";
import { plotsOf, render } from "./durable-peers/report.js";
import { availableRows } from "./durable-peers/rows.js";
import { summarise } from "./durable-peers/summary.js";
import { type Labels, unitsOf } from "./durable-peers/units.js";
import { measureUnits } from "./measure-units.js";

/** What else one could use to run tasks so that they survive: each with a real server, and with the policy of fsync named. */
export const durablePeers: Benchmark = {
  title: "tasks/s of ways to run graphs so that they survive, by runs in flight; sync handlers",
  async measure(options: MeasuringOptions) {
    const { rows, notices } = availableRows(options.restate);
    for (const notice of notices) if (notice.startsWith("SKIPPED")) process.stderr.write(`${notice}\n`);
    const { samples, note } = await measureUnits<Labels, Throughput>("durable-peers", unitsOf(rows, options), options);
    const summary = summarise(samples, options.seed);
    return { text: [...notices, render(summary), note].join("\n"), samples, summary, plots: plotsOf(summary) };
  },
};
