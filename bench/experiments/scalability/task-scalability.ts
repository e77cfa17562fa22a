import type { BurstParameters, BurstSample } from "../../harness/measurements/burst.js";
import { bootstrap, type Estimate, slope } from "../../harness/statistics.js";
import type { ContenderName } from "../../peers/graph/contenders.js";
import { TITLES } from "../../peers/titles.js";
import { rateWithInterval, threeDigits } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { listOf, size, workloadShape } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import { paceOf } from "../pace-of.js";
import type { Sample } from "../sample.js";

/** Without async.auto: at 10,000 tasks of a stencil it exceeds the stack, and at 100,000 it did not end in ten minutes. */
const contenders = ["dataflower", "promises", "piscina-run"] as const satisfies ContenderName[];

interface TasksVariant extends Variant {
  readonly contender: (typeof contenders)[number];
  readonly workload: string;
  readonly tasks: number;
}

const keyOf = (contender: string, tasks: number) => `${contender} ${tasks}`;
const module = new URL("../../harness/measurements/burst.js", import.meta.url);
/** Below, what a process takes anyway outweighs what its tasks take. */
const BYTES_TASKS_MIN = 1_000;

export default experiment({
  name: "task_scalability",
  category: "scalability",
  question: "How long does one workflow take that has ever more tasks, and how much memory?",
  config: { task_counts: listOf(size), shape: workloadShape },
  variants: ({ task_counts, shape }): TasksVariant[] =>
    task_counts.flatMap((tasks) =>
      contenders.map((contender) => ({
        key: keyOf(contender, tasks),
        labels: { contender: TITLES[contender], tasks, shape },
        contender,
        workload: `${shape}-${tasks}`,
        tasks,
      })),
    ),
  async measure({ contender, workload, tasks }, { call, pace, cores: threads }) {
    const wanted: BurstParameters = { contender, workload, runs: 1, threads, ...paceOf(contender, pace) };
    const { makespanMs, residentBytes, bursts } = (await call(module, "measureBursts", wanted)) as BurstSample; // as: what it returns
    const firstRunBytes = residentBytes.first - residentBytes.before;
    return {
      // A run that fits into what the process had once before makes its maximum no larger: nothing is known of it then.
      metrics: { makespanMs, tasksPerSecond: (tasks / makespanMs) * 1e3, ...(firstRunBytes > 0 && { firstRunBytes }) },
      facts: { answers: answersDigest(workload) },
      details: { runs: bursts, residentBytes },
    };
  },
  comparisons: (variants) =>
    variants
      .filter(({ contender }) => contender !== "dataflower")
      .map(({ key, contender, tasks }) => ({
        name: `DataFlower ÷ ${TITLES[contender]}, one workflow of ${tasks} tasks`,
        metric: "tasksPerSecond",
        of: keyOf("dataflower", tasks),
        to: key,
      })),
  derive: (samples, variants, seed) =>
    Object.fromEntries(
      contenders.flatMap((contender) => {
        const bytes = bytesATask(
          samples,
          variants.filter((one) => one.contender === contender && one.tasks >= BYTES_TASKS_MIN),
          seed,
        );
        return Number.isFinite(bytes.median) ? [[`${contender} bytesPerTask`, bytes] as const] : [];
      }),
    ),
  headline({ variants, derived }) {
    const ours = variants.filter(({ labels, n }) => labels.contender === TITLES.dataflower && n > 0).at(-1);
    if (ours === undefined) return "not measured";
    const bytes = derived["dataflower bytesPerTask"];
    const memory = bytes === undefined ? "" : `, ${threeDigits(bytes.median)} bytes for each further task`;
    return `${ours.labels.tasks} tasks: ${rateWithInterval(ours.metrics.tasksPerSecond!)} tasks/s${memory}`;
  },
  figure: (summary) => {
    const subtitle = subtitleOf(summary, `${summary.variants[0]?.labels.shape}, one run at a time, all cores`);
    const picture = (name: string, title: string, y: { readonly name: string; readonly metric: string }) => ({
      ...{ kind: "lines" as const, name: `task-scalability-${name}`, title, subtitle },
      x: { name: "tasks of the workflow", scale: "log" as const },
      y: { name: y.name, scale: "log" as const },
      lines: linesOf(summary.variants, { line: "contender", x: "tasks", y: y.metric }),
    });
    return [
      picture("makespan", "How long does one workflow take that has ever more tasks?", { name: "ms", metric: "makespanMs" }),
      picture("rate", "How many tasks a second does one workflow get through?", { name: "tasks/s", metric: "tasksPerSecond" }),
      picture("memory", "How much memory does the first run of a workflow take, its graph included?", {
        name: "bytes that the process grows by",
        metric: "firstRunBytes",
      }),
    ];
  },
});

/** By how much more memory the first run takes with each further task. */
function bytesATask(samples: readonly Sample[], variants: readonly TasksVariant[], seed: number): Estimate {
  const tasksOf = new Map(variants.map(({ key, tasks }) => [key, tasks]));
  const points = samples.flatMap(({ variant, round, metrics }) => {
    const [tasks, bytes] = [tasksOf.get(variant), metrics?.firstRunBytes];
    return tasks === undefined || bytes === undefined ? [] : [{ round, x: tasks, y: bytes }];
  });
  const rounds = [...new Set(points.map(({ round }) => round))].map((round) => points.filter((point) => point.round === round));
  return bootstrap(rounds, (drawn) => slope(drawn.flat()), seed);
}
