import { bootstrapMedian } from "../../harness/statistics.js";
import { threeDigits } from "../../report/quantities.js";
import { answersDigest } from "../../workloads/answers-digest.js";
import { count, size, workloadShape } from "../config-values.js";
import { barsOf, subtitleOf } from "../drawing.js";
import { experiment, type Variant } from "../experiment.js";
import type { Resources, ResourcesArgument } from "../measured/resources.js";
import { paceOf } from "../pace-of.js";
import { pairedByRound } from "../paired-by-round.js";
import type { Sample } from "../sample.js";

type ResourcesVariant = Variant & Omit<ResourcesArgument, "threads" | "warmupMs" | "measureMs">;

/** What it does meanwhile. */
const situations = [
  { key: "idle", store: "memory", encode: "needed", isIdle: true },
  { key: "in memory", store: "memory", encode: "needed", isIdle: false },
  { key: "in memory, every output encoded", store: "memory", encode: "always", isIdle: false },
  { key: "in LMDB", store: "lmdb", encode: "needed", isIdle: false },
] as const;

const NS_PER_MS = 1e6;

export default experiment({
  name: "resource_efficiency",
  category: "performance",
  question: "What does a task take of the machine?",
  config: { num_workflows: count.max(5_000), workflow_size: size, shape: workloadShape },
  variants: ({ num_workflows, workflow_size, shape }): ResourcesVariant[] =>
    situations.map(({ key, store, encode, isIdle }) => ({
      key,
      labels: { situation: key, store, shape, tasks: workflow_size, inFlight: isIdle ? 0 : num_workflows },
      workload: `${shape}-${workflow_size}`,
      store,
      encode,
      inFlight: isIdle ? 0 : num_workflows,
    })),
  async measure({ workload, store, encode, inFlight }, { call, pace, cores }) {
    const argument = { workload, store, encode, inFlight, threads: cores, ...paceOf("dataflower", pace) };
    const used = (await call(new URL("../measured/resources.js", import.meta.url), "measureResources", argument)) as Resources; // as: what it returns
    return { metrics: metricsOf(used, cores), facts: { answers: answersDigest(workload) }, details: used };
  },
  derive: (samples, _, seed) => {
    const pairs = pairedByRound(samples, { metric: "cpuNsPerTask", of: situations[2].key, to: situations[1].key });
    const added = pairs.map(([always, needed]) => always - needed);
    return added.length === 0 ? {} : { "serialisation of every output, ns of processor time a task": bootstrapMedian(added, seed) };
  },
  check: lostTasks,
  headline({ variants }) {
    const used = variants.find(({ key }) => key === "in memory")?.metrics;
    if (used?.cpuNsPerTask === undefined) return "not measured";
    return `${threeDigits(used.cpuNsPerTask.median)} ns of processor time a task, workers idle ${((used.idleShare?.median ?? 0) * 100).toFixed(0)} %`;
  },
  figure: (summary) => {
    const subtitle = subtitleOf(summary, `${summary.variants[0]?.labels.shape}-${summary.variants[0]?.labels.tasks}, all cores`);
    return [
      {
        kind: "bars",
        name: "resource-efficiency",
        title: "What does a task take of the machine?",
        subtitle,
        x: { name: "ns of processor time a task, of all threads" },
        format: "ns",
        bars: barsOf(summary, { name: "situation", metric: "cpuNsPerTask" }).slice(1),
      },
      {
        kind: "bars",
        name: "resident-memory",
        title: "How much memory does the process take?",
        subtitle,
        x: { name: "bytes in memory (RSS)" },
        format: "bytes",
        bars: barsOf(summary, { name: "situation", metric: "residentBytes" }),
      },
    ];
  },
});

/** Shares are of the time that the threads had; tasks that were not executed have no costs. */
function metricsOf(used: Resources, cores: number): Record<string, number> {
  const { tasks, elapsedMs, controlMs, workersMs, helpersMs, residentBytes, delayP50Ms, delayP99Ms, storedBytes, storedTasks } = used;
  const busyMs = workersMs.reduce((sum, ms) => sum + ms, 0);
  const ofTasks =
    tasks === 0
      ? {}
      : { cpuNsPerTask: ((controlMs + busyMs + helpersMs) * NS_PER_MS) / tasks, storedBytesPerTask: storedBytes / storedTasks };
  return {
    ...ofTasks,
    controlShare: controlMs / elapsedMs,
    idleShare: Math.max(0, 1 - busyMs / (elapsedMs * cores)),
    helpersShare: helpersMs / elapsedMs,
    ...Object.fromEntries(workersMs.map((ms, worker) => [`worker ${worker} share`, ms / elapsedMs])),
    residentBytes,
    loopDelayP50Ms: delayP50Ms,
    loopDelayP99Ms: delayP99Ms,
  };
}

function lostTasks(samples: readonly Sample[]): string[] {
  return samples
    .filter(({ variant, absent, details }) => variant !== "idle" && absent === undefined && (details as Resources).tasks === 0) // as: what measure() has kept there
    .map(({ variant, round }) => `${variant}, round ${round}: no task was executed`);
}
