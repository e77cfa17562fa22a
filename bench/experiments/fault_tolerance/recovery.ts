import { z } from "zod";
import type { KilledRunParameters, KilledRunSample } from "../../harness/measurements/killed-runs.js";
import { hasRedisServer } from "../../harness/redis-server.js";
import type { LinePicture } from "../../report/plots/picture.js";
import { milliseconds, threeDigits } from "../../report/quantities.js";
import { count, listOf, size } from "../config-values.js";
import { linesOf, subtitleOf } from "../drawing.js";
import { Absent, experiment, type Variant } from "../experiment.js";
import type { Sample } from "../sample.js";
import type { Summary } from "../summary.js";

type System = Pick<KilledRunParameters, "executor" | "store" | "commit">;

const systems = {
  lmdb: { executor: "dataflower", store: "lmdb", commit: "strict" },
  "lmdb-pipelined": { executor: "dataflower", store: "lmdb", commit: "pipelined" },
  redis: { executor: "dataflower", store: "redis", commit: "strict" },
  scratch: { executor: "dataflower", store: "memory", commit: "strict" },
  bullmq: { executor: "bullmq", store: "redis", commit: "strict" },
} as const satisfies Record<string, System>;
type SystemName = keyof typeof systems;
const systemNames = Object.keys(systems) as SystemName[]; // as: Object.keys forgets that the keys are known

interface RecoveryVariant extends Variant {
  readonly parameters: KilledRunParameters;
}

const measurement = new URL("../../harness/measurements/killed-runs.js", import.meta.url);

export default experiment({
  name: "recovery",
  category: "fault_tolerance",
  question: "How long until a killed run is done?",
  config: {
    systems: listOf(z.enum(systemNames)),
    steps: size.min(2).max(1_000),
    kernel_repeats: count.max(10_000_000),
    killed_at: listOf(z.number().gt(0).lt(1)),
    checkpoint_intervals: listOf(count.max(1_000)),
    bullmq_lock_ms: count.min(100).max(30_000),
  },
  variants: ({
    systems: chosen,
    steps,
    kernel_repeats: kernel,
    killed_at,
    checkpoint_intervals,
    bullmq_lock_ms: lockMs,
  }): RecoveryVariant[] =>
    chosen.flatMap((name) =>
      intervalsOf(name, checkpoint_intervals).flatMap((each) =>
        killed_at.map((share) => {
          const diesBefore = Math.min(steps - 1, Math.max(1, Math.round(share * steps)));
          return {
            key: `${name}, every ${each}, ${diesBefore} of ${steps}`,
            labels: { system: titleOf(name, each, lockMs), name, each, diesBefore, steps, percent: (100 * diesBefore) / steps },
            parameters: { ...systems[name], steps, kernel, each, lockMs, diesBefore },
          };
        }),
      ),
    ),
  async measure({ parameters }, { call }) {
    if (parameters.store === "redis" && !hasRedisServer()) throw new Absent("redis-server is not installed");
    const { recoveryMs, repeated, lostMs, value } = (await call(measurement, "measureKilledRun", parameters)) as KilledRunSample; // as: what it returns
    return { metrics: { recoveryMs, stepsRepeated: repeated, lostMs }, facts: { value, diesBefore: parameters.diesBefore } };
  },
  check: (samples) => samples.flatMap(problemsOf),
  headline({ variants }) {
    const latest = Math.max(0, ...variants.filter(({ metrics }) => metrics.recoveryMs).map(({ labels }) => Number(labels.percent)));
    const told = variants.filter(({ labels, metrics }) => metrics.recoveryMs && labels.percent === latest);
    if (told.length === 0) return "not measured";
    const each = told.map(
      ({ labels, metrics }) =>
        `${labels.system} ${milliseconds(metrics.recoveryMs!.median)}, ${threeDigits(metrics.stepsRepeated!.median)} steps again`,
    );
    return `killed at ${threeDigits(latest)} % of ${told[0]!.labels.steps} steps, done after: ${each.join("; ")}`;
  },
  figure: (summary) => [
    pictureOf(summary, {
      name: "recovery-time",
      title: "How long until a killed run is done?",
      y: { name: "from the death to the end of the run, ms" },
      metric: "recoveryMs",
    }),
    pictureOf(summary, {
      name: "recovery-work-lost",
      title: "How much work is done again after a kill?",
      y: { name: "time that repeated steps had taken, ms" },
      metric: "lostMs",
    }),
  ],
});

/** Only DataFlower on LMDB is tried with several intervals: a task is a checkpoint, and elsewhere it is the same. */
function intervalsOf(name: SystemName, intervals: readonly number[]): readonly number[] {
  return name === "lmdb" ? intervals : [Math.min(...intervals)];
}

function titleOf(name: SystemName, each: number, lockMs: number): string {
  switch (name) {
    case "lmdb":
      return `LMDB, a checkpoint every ${each === 1 ? "step" : `${each} steps`}`;
    case "lmdb-pipelined":
      return "LMDB, pipelined";
    case "redis":
      return "Redis";
    case "scratch":
      return "from scratch";
    case "bullmq":
      return `BullMQ, locks of ${lockMs} ms`;
  }
}

/** Of a task that waits for what it depends on to be recorded, nothing but the task in progress is executed again. */
function problemsOf({ variant, round, metrics, facts }: Sample): string[] {
  const [, name = "", each = ""] = /^(lmdb|redis), every (\d+),/.exec(variant) ?? [];
  if (name === "" || metrics === undefined) return [];
  const most = Number(facts?.diesBefore) % Number(each);
  const found = metrics.stepsRepeated ?? 0;
  return found === most ? [] : [`${variant}, round ${round}: ${most} steps of the task in progress must be repeated, not ${found}`];
}

interface Shown extends Pick<LinePicture, "name" | "title" | "y"> {
  readonly metric: string;
}

function pictureOf(summary: Summary, { metric, ...shown }: Shown): LinePicture {
  const { steps = 0 } = summary.variants[0]?.labels ?? {};
  return {
    kind: "lines",
    ...shown,
    subtitle: subtitleOf(summary, `chain of ${steps} steps, kill -9, another process goes on`),
    x: { name: "steps that were done when it was killed, %" },
    lines: linesOf(summary.variants, { line: "system", x: "percent", y: metric }),
  };
}
