/** Names of all metrics of experiments. Those of the process that runs them begin with PROCESS_PREFIX. */
export const metricNames = {
  planned: "dataflower_experiments_units_planned",
  units: "dataflower_experiments_units_total",
  unitSeconds: "dataflower_experiments_unit_seconds",
  metric: "dataflower_experiment_metric",
  share: "dataflower_experiment_share",
  latency: "dataflower_latency_seconds",
  leftOut: "dataflower_experiments_left_out_total",
} as const;
export const PROCESS_PREFIX = "dataflower_bench_";
