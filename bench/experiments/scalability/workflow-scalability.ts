import type { BurstParameters, BurstSample } from "../../harness/measurements/burst.js";
import type { ContenderName } from "../../peers/graph/contenders.js";
import { TITLES } from "../../peers/titles.js";
import { rateWithInterval, ratioWithInterval } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count, listOf, workloadShape } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { paceOf } from "../pace-of.js";

const contenders = ["dataflower", "promises-threads", "piscina-run", "async-auto"] as const satisfies ContenderName[];

interface WorkflowsVariant extends Variant {
  readonly contender: (typeof contenders)[number];
  readonly workload: string;
  readonly workflows: number;
}

const keyOf = (contender: string, workflows: number) => `${contender} ${workflows}`;
const module = new URL("../../harness/measurements/burst.js", import.meta.url);

export default experiment({
  name: "workflow_scalability",
  category: "scalability",
  question: "How long do many workflows take that are submitted at once?",
  config: {
    // The engine accepts 10,000 waiting runs by default.
    workflow_counts: listOf(count.max(10_000)),
    workflow_size: count.max(1_000),
    shape: workloadShape,
  },
  variants: ({ workflow_counts, workflow_size, shape }): WorkflowsVariant[] =>
    workflow_counts.flatMap((workflows) =>
      contenders.map((contender) => ({
        key: keyOf(contender, workflows),
        labels: { contender: TITLES[contender], workflows, shape, tasks: workflow_size },
        contender,
        workload: `${shape}-${workflow_size}`,
        workflows,
      })),
    ),
  async measure({ contender, workload, workflows: runs }, { call, pace, cores: threads }) {
    const wanted: BurstParameters = { contender, workload, runs, threads, ...paceOf(contender, pace) };
    const sample = (await call(module, "measureBursts", wanted)) as BurstSample; // as: what it returns
    const { makespanMs, latencies, residentBytes, bursts } = sample;
    return {
      metrics: { makespanMs, workflowsPerSecond: (runs / makespanMs) * 1e3, residentBytesMax: residentBytes.max },
      latencies: { workflow: latencies },
      facts: { answers: answersDigest(workload) },
      details: { bursts },
    };
  },
  comparisons: (variants) =>
    variants
      .filter(({ contender }) => contender !== "dataflower")
      .map(({ key, contender, workflows }) => ({
        name: `DataFlower ÷ ${TITLES[contender]}, ${workflows} workflows at once`,
        metric: "workflowsPerSecond",
        of: keyOf("dataflower", workflows),
        to: key,
      })),
  headline({ variants, ratios }) {
    const ours = variants.filter(({ labels, n }) => labels.contender === TITLES.dataflower && n > 0).at(-1);
    const ratio = ratios.find(({ of, to }) => of === ours?.key && to.startsWith("async-auto"));
    if (ours === undefined || ratio === undefined) return "not measured";
    return `${ours.labels.workflows} at once: ${rateWithInterval(ours.metrics.workflowsPerSecond!)} workflows/s, ${ratioWithInterval(ratio)} × async.auto`;
  },
  figure: (summary) => {
    const { shape, tasks } = summary.variants[0]?.labels ?? {};
    const subtitle = subtitleOf(summary, `${shape} of ${tasks} tasks, all cores, each run handed over and answered by itself`);
    const picture = (name: string, title: string, y: { readonly name: string; readonly metric: string }) => ({
      ...{ kind: "lines" as const, name: `workflow-scalability-${name}`, title, subtitle },
      x: { name: "workflows submitted at once", scale: "log" as const },
      y: { name: y.name, scale: "log" as const },
      lines: linesOf(summary.variants, { line: "contender", x: "workflows", y: y.metric }),
    });
    return [
      picture("rate", "How many workflows a second are done of those submitted at once?", {
        name: "workflows/s",
        metric: "workflowsPerSecond",
      }),
      picture("makespan", "How long until all workflows that were submitted at once are done?", { name: "ms", metric: "makespanMs" }),
      picture("memory", "How much memory do workflows take that are submitted at once?", {
        name: "bytes of the process, at most",
        metric: "residentBytesMax",
      }),
    ];
  },
});
