import { LatencyHistogram } from "../../harness/latency-histogram.js";
import { ExperimentMetrics, type ExperimentMetricsOptions } from "./experiment-metrics.js";

/** Something in every metric: two variants of an experiment, one that is absent, one that has failed, one value that is no number. */
export function filledMetrics(options: ExperimentMetricsOptions = {}): ExperimentMetrics {
  const metrics = new ExperimentMetrics(options);
  const of = { category: "performance", experiment: "latency" };
  const latencies = LatencyHistogram.empty();
  for (let us = 1; us <= 10_000; us++) latencies.recordMs(us / 1e3);
  metrics.planned({ ...of, units: 12 });
  for (const [round, tasksPerSecond] of [900, 1_100, 1_000].entries()) {
    const sample = { round, stealShare: 0, repeats: 0, shares: { success: { hits: 19, of: 20 } }, latencies: { run: latencies.encoded() } };
    for (const [variant, factor] of [["dataflower", 2] as const, ['"piscina"\\', 1] as const])
      metrics.measured({ ...sample, variant, metrics: { tasksPerSecond: tasksPerSecond * factor } }, { ...of, elapsedMs: 800 });
  }
  metrics.measured({ variant: "bullmq", round: 0, stealShare: 0, repeats: 0, absent: "there is no Redis" }, { ...of, elapsedMs: 3 });
  metrics.measured({ variant: "odd", round: 0, stealShare: 0, repeats: 0, metrics: { rate: Number.NaN } }, { ...of, elapsedMs: 3 });
  metrics.failed(of);
  return metrics;
}
