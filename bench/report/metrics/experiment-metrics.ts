import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Sample, Share } from "../../experiments/sample.js";
import { median } from "../../harness/statistics.js";
import { Admission } from "./admission.js";
import { LatencySeries } from "./latency-series.js";
import { metricNames, PROCESS_PREFIX } from "./metric-names.js";

/** Label sets of a metric. */
export const SERIES_MAX = 5_000;
/** Label sets of the latencies, each of which is as many lines as there are buckets. */
export const LATENCY_SERIES_MAX = 400;

const UNIT_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

export interface ExperimentMetricsOptions {
  /** @defaultValue SERIES_MAX */
  readonly seriesMax?: number;
  /** @defaultValue LATENCY_SERIES_MAX */
  readonly latencySeriesMax?: number;
  /** Whether memory, processor time, event loop and garbage of this process are metrics too. @defaultValue true */
  readonly hasProcess?: boolean;
}

interface Of {
  readonly category: string;
  readonly experiment: string;
}

/** A unit of work of an experiment: one sample. */
export interface UnitOf extends Of {
  readonly elapsedMs: number;
}

/**
 * How far a run of experiments is and what it has found, as metrics. It takes whatever samples hold and never throws: what has no place in a metric is left
 * out and counted.
 */
export class ExperimentMetrics {
  readonly registry = new Registry();
  readonly #planned = this.#gauge(metricNames.planned, "Samples that the run is to measure.", ["category", "experiment"]);
  readonly #units = this.#counter(metricNames.units, "Samples by outcome: measured, absent (this machine lacks what it takes) or failed.", [
    "category",
    "experiment",
    "outcome",
  ]);
  readonly #unitSeconds = new Histogram({
    name: metricNames.unitSeconds,
    help: "How long it took to measure a sample.",
    labelNames: ["category", "experiment"],
    buckets: UNIT_SECONDS,
    registers: [this.registry],
  });
  readonly #metric = this.#gauge(metricNames.metric, "Median of the rounds so far; the name of the metric ends in its unit.", [
    "category",
    "experiment",
    "variant",
    "metric",
  ]);
  readonly #share = this.#gauge(metricNames.share, "Share of all rounds so far.", ["category", "experiment", "variant", "share"]);
  readonly #latency = new LatencySeries({
    name: metricNames.latency,
    help: "Latencies of all rounds so far, from HDR histograms.",
    registry: this.registry,
  });
  readonly #leftOut = this.#counter(metricNames.leftOut, "What was left out of these metrics.", ["reason"]);
  readonly #values = new Map<string, number[]>();
  readonly #shares = new Map<string, Share>();
  readonly #admission: Admission;

  constructor({ seriesMax = SERIES_MAX, latencySeriesMax = LATENCY_SERIES_MAX, hasProcess = true }: ExperimentMetricsOptions = {}) {
    this.#admission = new Admission({
      seriesMaxOf: (name) => (name === metricNames.latency ? latencySeriesMax : seriesMax),
      leftOut: (reason) => this.#leftOut.inc({ reason }),
    });
    if (hasProcess) collectProcess(this.registry);
  }

  /** So many samples are to be measured. */
  planned({ category, experiment, units }: Of & { readonly units: number }): void {
    this.#set(this.#planned, metricNames.planned, { category, experiment }, units);
  }

  /** One was measured, or found to be absent. */
  measured(sample: Sample, { category, experiment, elapsedMs }: UnitOf): void {
    this.#count({ category, experiment }, sample.absent === undefined ? "measured" : "absent");
    this.#addDuration({ category, experiment }, elapsedMs);
    const of = { category, experiment, variant: sample.variant };
    for (const [metric, value] of Object.entries(sample.metrics ?? {})) this.#addValue({ ...of, metric }, value);
    for (const [share, one] of Object.entries(sample.shares ?? {})) this.#addShare({ ...of, share }, one);
    for (const [latency, encoded] of Object.entries(sample.latencies ?? {})) this.#addLatencies({ ...of, latency }, encoded);
  }

  /** One could not be measured, or its answer was wrong. Why is no metric: messages may hold what is nobody's business. */
  failed({ category, experiment }: Of): void {
    this.#count({ category, experiment }, "failed");
  }

  #count(of: Record<"category" | "experiment", string>, outcome: string): void {
    const labels = this.#admission.labels(metricNames.units, { ...of, outcome });
    if (labels !== undefined) this.#units.inc(labels);
  }

  #addDuration(of: Record<"category" | "experiment", string>, elapsedMs: number): void {
    if (!this.#admission.isNumber(elapsedMs)) return;
    const labels = this.#admission.labels(metricNames.unitSeconds, of);
    if (labels !== undefined) this.#unitSeconds.observe(labels, Math.max(0, elapsedMs) / 1e3);
  }

  #addValue(of: Record<"category" | "experiment" | "variant" | "metric", string>, value: number): void {
    if (!this.#admission.isNumber(value)) return;
    const labels = this.#admission.labels(metricNames.metric, of);
    if (labels === undefined) return;
    const key = JSON.stringify(Object.values(labels));
    const values = [...(this.#values.get(key) ?? []), value];
    this.#values.set(key, values);
    this.#metric.set(labels, median(values));
  }

  #addShare(of: Record<"category" | "experiment" | "variant" | "share", string>, one: Share): void {
    if (!this.#admission.isNumber(one.hits / one.of)) return;
    const labels = this.#admission.labels(metricNames.share, of);
    if (labels === undefined) return;
    const key = JSON.stringify(Object.values(labels));
    const before = this.#shares.get(key) ?? { hits: 0, of: 0 };
    const all = { hits: before.hits + one.hits, of: before.of + one.of };
    this.#shares.set(key, all);
    this.#share.set(labels, all.hits / all.of);
  }

  #addLatencies(of: Record<string, string>, encoded: string): void {
    const labels = this.#admission.labels(metricNames.latency, of);
    if (labels === undefined) return;
    try {
      this.#latency.add(labels, encoded);
    } catch {
      this.#admission.leaveOut("unreadable latencies");
    }
  }

  #set<Label extends string>(gauge: Gauge<Label>, name: string, of: Record<Label, string>, value: number): void {
    if (!this.#admission.isNumber(value)) return;
    const labels = this.#admission.labels(name, of);
    if (labels !== undefined) gauge.set(labels, value);
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

/** Gauges whose names say that they were counters. What they add up stands beside them. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

function collectProcess(register: Registry): void {
  collectDefaultMetrics({ register, prefix: PROCESS_PREFIX });
  for (const name of MISNAMED) register.removeSingleMetric(`${PROCESS_PREFIX}${name}`);
}
