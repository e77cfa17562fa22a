import type { TaskRecord } from "dataflower";
import { policyNames } from "dataflower/schedulers";
import { z } from "zod";
import { makespanBounds } from "../../harness/graham-bound.js";
import type { Picture } from "../../report/plots/picture.js";
import { milliseconds } from "../../report/quantities.js";
import { timelineGraph, timelineMs } from "../../workloads/timeline-workflow.js";
import { count, listOf } from "../config-values.js";
import { subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { explainedTasks } from "../measured/why-it-waited.js";
import type { Sample } from "../sample.js";
import type { Summary } from "../summary.js";

interface TimelineVariant extends Variant {
  readonly scheduler: string;
  readonly warmupRuns: number;
}

interface Timeline {
  readonly makespanMs: number;
  readonly records: readonly TaskRecord[];
}

/** One run of sixty tasks, task by task. */
export default experiment({
  name: "run_timeline",
  category: "performance",
  question: "What did each worker do when, and why did a task wait?",
  config: { schedulers: listOf(z.enum(policyNames as [string, ...string[]])), warmup_runs: count.max(100) },
  variants: ({ schedulers, warmup_runs }): TimelineVariant[] =>
    schedulers.map((scheduler) => ({ key: scheduler, labels: { scheduler }, scheduler, warmupRuns: warmup_runs })),
  async measure({ scheduler, warmupRuns }, { call, cores }) {
    const module = new URL("../measured/timeline.js", import.meta.url);
    const found = (await call(module, "measureTimeline", { threads: cores, scheduler, warmupRuns })) as Timeline; // as: what it returns
    const workMs = timelineMs.reduce((sum, ms) => sum + ms, 0);
    const { lowerMs } = makespanBounds({ workMs, criticalPathMs: longestPathMs(), workers: cores });
    return {
      metrics: { makespanMs: found.makespanMs, efficiency: lowerMs / found.makespanMs },
      facts: { tasks: timelineGraph.size, timelineMs },
      details: found,
    };
  },
  headline({ variants }) {
    const found = variants.filter(({ metrics }) => metrics.makespanMs !== undefined);
    if (found.length === 0) return "not measured";
    return found
      .map(
        ({ key, metrics }) =>
          `${key}: ${milliseconds(metrics.makespanMs!.median)}, efficiency ${((metrics.efficiency?.median ?? 0) * 100).toFixed(0)} %`,
      )
      .join("; ");
  },
  figure: (summary, samples) => summary.variants.flatMap(({ key }) => ganttOf(key, summary, samples)),
});

/** The last run of a scheduler. */
function ganttOf(scheduler: string, summary: Summary, samples: readonly Sample[]): Picture[] {
  const last = samples.findLast(({ variant }) => variant === scheduler)?.details as Timeline | undefined; // as: what measure() keeps there
  if (last === undefined) return [];
  const workers = Math.max(...last.records.map(({ worker }) => worker)) + 1;
  return [
    {
      kind: "gantt",
      name: `run-timeline-${scheduler}`,
      title: "What did each worker do when, and why did a task wait?",
      subtitle: subtitleOf(summary, `the last run of ${timelineGraph.size} tasks under ${scheduler}: ${milliseconds(last.makespanMs)}`),
      rows: Array.from({ length: workers }, (_, worker) => `worker ${worker}`),
      spans: explainedTasks(last.records, timelineGraph.parents),
    },
  ];
}

function longestPathMs(): number {
  const ends: number[] = [];
  for (const [task, parents] of timelineGraph.parents.entries())
    ends.push(timelineMs[task]! + Math.max(0, ...parents.map((parent) => ends[parent]!)));
  return Math.max(...ends);
}
