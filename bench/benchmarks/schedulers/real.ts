import { plainMachines, readWorkload, simulate } from "dataflower/simulation";
import { InstanceFiles } from "../../experiments/schedulers/instances.js";
import { trialLoads, trialSchedulers } from "../../experiments/schedulers/trial.js";
import type { ScheduledLoadSample } from "../../harness/measurements/scheduled-load.js";
import type { MeasuringOptions } from "../../harness/measuring-options.js";
import { seeded } from "../../harness/random.js";
import { bootstrapMedian, type Estimate } from "../../harness/statistics.js";
import { ratioWithInterval, threeDigits } from "../../report/quantities.js";
import { table } from "../../report/table.js";
import { timedTasks } from "../../workloads/timed-tasks.js";
import { type LabelledUnit, measureUnits } from "../measure-units.js";

const TASKS = 300;
const QUICK_TASKS = 30;
const THREADS = 2;

/** What a policy made of tasks on threads, and of the same tasks simulated. */
export interface RealRow {
  readonly scheduler: string;
  readonly load: number;
  readonly meanSlowdown: Estimate;
  readonly missed: Estimate;
  readonly simulatedSlowdown: number;
}

interface Labels {
  readonly scheduler: string;
  readonly load: number;
}

export async function measureRealTrial(options: MeasuringOptions) {
  const tasks = options.isQuick ? QUICK_TASKS : TASKS;
  const { seed } = options;
  const schedulers = options.isQuick ? trialSchedulers.slice(0, 2) : trialSchedulers;
  const units = trialLoads.flatMap((load) => schedulers.map((scheduler) => unitOf({ scheduler, load }, tasks, seed)));
  const { samples, note } = await measureUnits<Labels, ScheduledLoadSample>("real trial", units, options);
  const rows = units.map(({ labels: { scheduler, load } }): RealRow => {
    const own = samples.filter((sample) => sample.scheduler === scheduler && sample.load === load);
    return {
      ...{ scheduler, load, simulatedSlowdown: simulatedSlowdown(scheduler, load, tasks, seed) },
      meanSlowdown: bootstrapMedian(
        own.map(({ meanSlowdown }) => meanSlowdown),
        seed,
      ),
      missed: bootstrapMedian(
        own.map(({ missed }) => missed),
        seed,
      ),
    };
  });
  return { rows, samples, note };
}

function unitOf(labels: Labels, tasks: number, seed: number): LabelledUnit<Labels> {
  const { scheduler, load } = labels;
  return {
    contender: scheduler,
    workloads: [String(load)],
    labels,
    parameters: { measure: "scheduled-load", threads: THREADS, tasks, seed },
  };
}

/** The same tasks at the same times on as many machines. */
function simulatedSlowdown(scheduler: string, load: number, count: number, seed: number): number {
  const tasks = timedTasks(count, load, THREADS, seeded(seed));
  const rows = tasks.map(({ submitMs, ms, deadlineMs }) => `${submitMs / 1e3},${ms / 1e3},${(deadlineMs - submitMs) / 1e3}\n`);
  const files = new InstanceFiles();
  try {
    const bag = files.write("timed.csv", `submit_time,duration,deadline\n${rows.join("")}`);
    return simulate({ runs: readWorkload({ files: [bag] }), machines: plainMachines(THREADS), scheduler }).slowdown.mean;
  } finally {
    files.remove();
  }
}

export function realTable(rows: readonly RealRow[]): string {
  const right = ["load", "mean slowdown, real", "simulated", "missed deadlines, real"].map((title) => ({ title, align: "right" as const }));
  const lines = table(
    [{ title: "scheduler", align: "left" }, ...right],
    rows.map(({ scheduler, load, meanSlowdown, missed, simulatedSlowdown: simulated }) => [
      ...[scheduler, String(load), ratioWithInterval(meanSlowdown), threeDigits(simulated)],
      `${(missed.median * 100).toFixed(1)} %`,
    ]),
  );
  return `${lines}\n\n${EXPLANATION}`;
}

const EXPLANATION =
  "Tasks of 4 to 128 ms that keep a thread busy, Poisson arrivals, profile latency, two worker threads on as many cores, which the submitting thread\n" +
  "shares. Slowdown: from when a task should have been submitted to its result, divided by its time. Timers are late by a millisecond at most.\n";
