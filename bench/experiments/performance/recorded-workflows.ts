import { policyNames } from "dataflower/schedulers";
import { z } from "zod";
import { measureSpinReplay } from "../../goals/trace-replays.js";
import { median } from "../../harness/statistics.js";
import { recordedTraces } from "../../workloads/recorded-traces.js";
import { count, listOf } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { Absent, experiment, type Variant } from "../experiment.js";

interface ReplayVariant extends Variant {
  readonly trace: string;
  readonly scheduler: string;
  readonly upperMs: number;
}

const WORKERS = 2;
const NO_DATA = "the recorded workflows are not here";

/** Recorded workflows whose tasks keep their worker busy for as long as the record says, scaled. */
export default experiment({
  name: "recorded_workflows",
  category: "performance",
  question: "How much of the cores do real workflows get, under which order?",
  config: {
    schedulers: listOf(z.enum(policyNames as [string, ...string[]])),
    traces_max: count.max(1_000),
    upper_ms: count.min(10).max(60_000),
  },
  variants({ schedulers, traces_max, upper_ms }, { sharedData }): ReplayVariant[] {
    if (sharedData === undefined)
      return [{ key: NO_DATA, labels: { trace: "all", scheduler: "all" }, trace: "", scheduler: "", upperMs: upper_ms }];
    return recordedTraces(sharedData)
      .slice(0, traces_max)
      .flatMap(({ name }) =>
        schedulers.map((scheduler) => ({
          key: `${scheduler} ${name}`,
          labels: { trace: name.replace(/\.json$/, ""), scheduler },
          trace: name,
          scheduler,
          upperMs: upper_ms,
        })),
      );
  },
  async measure({ trace: name, scheduler, upperMs }, { sharedData, packageRoot }) {
    if (sharedData === undefined) throw new Absent(`${NO_DATA}: ../shared/data`);
    const trace = recordedTraces(sharedData).find((one) => one.name === name)!; // variants() has it from there
    const { isDigestRight, makespanMs, lowerMs, tasks } = await measureSpinReplay(packageRoot, trace, upperMs, scheduler);
    if (!isDigestRight)
      throw new Error(`Cannot count ${name} under ${scheduler} as its digest must be that of the reference: it is another`);
    return { metrics: { makespanMs, efficiency: lowerMs / makespanMs }, facts: { digest: trace.digest, tasks, lowerMs } };
  },
  headline({ variants }) {
    const of = (name: string) =>
      variants.flatMap(({ labels, metrics }) => (labels.scheduler === name ? (metrics.efficiency?.median ?? []) : []));
    const names = [...new Set(variants.map(({ labels }) => String(labels.scheduler)))].filter((name) => of(name).length > 0);
    if (names.length === 0) return "not measured";
    return `efficiency of ${of(names[0]!).length} workflows on ${WORKERS} workers, median: ${names.map((name) => `${name} ${(median(of(name)) * 100).toFixed(1)} %`).join(", ")}`;
  },
  figure(summary) {
    const schedulers = [...new Set(summary.variants.map(({ labels }) => String(labels.scheduler)))];
    const traces = [...new Set(summary.variants.map(({ labels }) => String(labels.trace)))];
    const of = (trace: string, scheduler: string) =>
      summary.variants.find(({ labels }) => labels.trace === trace && labels.scheduler === scheduler)?.metrics.efficiency?.median ?? null;
    return [
      {
        kind: "heat-map",
        name: "recorded-workflows",
        title: "How much of the cores do real workflows get, under which order?",
        subtitle: subtitleOf(summary, `lower bound ÷ makespan on ${WORKERS} workers, tasks spin for the recorded times, scaled`),
        rows: traces,
        groups: [{ name: "efficiency under", columns: schedulers }],
        cells: traces.map((trace) => schedulers.map((scheduler) => of(trace, scheduler))),
        format: "share",
        shade: { from: 1, to: 0.5, scale: "linear" },
      },
    ];
  },
});
