import { z } from "zod";
import type { CascadeParameters, CascadeSample } from "../../harness/measurements/cascades.js";
import type { Line, LinePicture } from "../../report/plots/picture.js";
import { threeDigits } from "../../report/quantities.js";
import { expectedShare, type Handling, handlings } from "../../workloads/cascade.js";
import { graphOf } from "../../workloads/graphs.js";
import { count, listOf, share, size, workloadShape } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import type { Sample } from "../sample.js";
import type { Summary, VariantSummary } from "../summary.js";

interface CascadeVariant extends Variant {
  readonly parameters: Omit<CascadeParameters, "seed" | "threads">;
}

const measurement = new URL("../../harness/measurements/cascades.js", import.meta.url);

export default experiment({
  name: "cascading_failures",
  category: "fault_tolerance",
  question: "How far do failures spread?",
  config: {
    shapes: listOf(workloadShape),
    workflow_size: size.max(1_000),
    failure_rates: listOf(share),
    handlings: listOf(z.enum(handlings)),
    num_workflows: count.max(10_000),
  },
  variants: ({ shapes, workflow_size, failure_rates, handlings: chosen, num_workflows: runs }): CascadeVariant[] =>
    shapes.flatMap((shape) =>
      failure_rates.flatMap((failureShare) =>
        chosen.map((handling) => {
          const graph = `${shape}-${workflow_size}`;
          const percent = Number((100 * failureShare).toPrecision(3));
          return {
            key: `${graph}, ${percent} %, ${handling}`,
            labels: { graph, percent, handling, runs },
            parameters: { graph, handling, runs, failureShare },
          };
        }),
      ),
    ),
  async measure({ parameters }, { call, cores, seed }) {
    const argument: CascadeParameters = { ...parameters, seed, threads: cores };
    const sample = (await call(measurement, "measureCascades", argument)) as CascadeSample; // as: what it returns
    const { runs, completedRuns, tasks, completedTasks, expectedTasks, fates } = sample;
    return {
      // Not a share: where one failure ends a run, its tasks are no trials of their own. What is known of them is what rounds differ by.
      metrics: { completedTasksPercent: (100 * completedTasks) / tasks },
      shares: { completedRuns: { hits: completedRuns, of: runs } },
      facts: { runs, completedRuns, expectedTasksPercent: (100 * expectedTasks) / tasks, fates },
    };
  },
  check: (samples) => samples.flatMap(problemsOf),
  headline({ variants }) {
    const measured = variants.filter(({ metrics }) => metrics.completedTasksPercent);
    const told = measured.filter(
      ({ labels }) => labels.graph === measured[0]?.labels.graph && labels.percent === measured[0]?.labels.percent,
    );
    if (told.length === 0) return "not measured";
    const each = told.map(({ labels, metrics }) => `${labels.handling} ${threeDigits(metrics.completedTasksPercent!.median)} %`);
    return `tasks of ${told[0]!.labels.graph} that complete when ${told[0]!.labels.percent} % fail: ${each.join(", ")}`;
  },
  figure: (summary) => [...new Set(summary.variants.map(({ labels }) => String(labels.graph)))].map((graph) => pictureOf(summary, graph)),
});

/** That each task ended as the graph says is checked run by run; here it is summed up. */
function problemsOf({ variant, round, metrics, facts }: Sample): string[] {
  const completed = metrics?.completedTasksPercent;
  if (completed === undefined) return [];
  const expected = Number(facts?.expectedTasksPercent);
  const isRight = variant.endsWith("stop") ? completed <= expected : completed === expected;
  return isRight ? [] : [`${variant}, round ${round}: the graph says that ${expected} % of tasks complete, ${completed} % did`];
}

function pictureOf(summary: Summary, graph: string): LinePicture {
  const own = summary.variants.filter(({ labels }) => labels.graph === graph);
  const names = [...new Set(own.map(({ labels }) => labels.handling as Handling))]; // as: variants() has made the labels
  return {
    kind: "lines",
    name: `cascading-failures-${graph}`,
    title: "How far do failures spread?",
    subtitle: subtitleOf(summary, `${graph}, ${own[0]?.labels.runs} runs a point and round, tasks tried once`),
    x: { name: "tasks that fail, %" },
    y: { name: "tasks that complete, %" },
    lines: [
      ...linesOf(own, { line: "handling", x: "percent", y: "completedTasksPercent" }),
      ...(names.some((name) => name !== "fallback") ? [computedLine(own, graph, "continue", "no ancestor fails")] : []),
      ...(names.includes("fallback") ? [computedLine(own, graph, "fallback", "does not fail itself")] : []),
    ],
  };
}

function computedLine(variants: readonly VariantSummary[], graph: string, handling: Handling, name: string): Line {
  const rates = [...new Set(variants.map(({ labels }) => Number(labels.percent)))];
  const points = rates.map((percent) => ({ x: percent, y: 100 * expectedShare(graphOf(graph), handling, percent / 100) }));
  return { name: `computed: ${name}`, points, stroke: "dashed" };
}
