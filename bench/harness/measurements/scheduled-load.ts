import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { DataFlower, type Run } from "dataflower";
import { kindsMs, type TimedTask, timedTasks } from "../../workloads/timed-tasks.js";
import { timedWorkflows } from "../../workloads/timed-tasks-workflows.js";
import { seeded } from "../random.js";

/** Tasks of milliseconds that arrive by themselves, on real threads. The contender is a scheduler, the workload a load. */
export interface ScheduledLoadParameters {
  readonly measure: "scheduled-load";
  readonly threads: number;
  readonly tasks: number;
  readonly seed: number;
}

export interface ScheduledLoadSample {
  readonly meanSlowdown: number;
  readonly missed: number;
}

const WARMUP_TASKS = 50;

/** Rejects when a run does not complete, or its answer is wrong. */
export async function measureScheduledLoad(
  scheduler: string,
  load: number,
  parameters: ScheduledLoadParameters,
): Promise<ScheduledLoadSample> {
  const { threads, tasks: count, seed } = parameters;
  const workflows = [...timedWorkflows.values()];
  await using engine = await DataFlower.start({ workflows, workers: threads, store: "memory:", profile: "latency", scheduler });
  await Promise.all(Array.from({ length: WARMUP_TASKS }, (_, at) => engine.run(timedWorkflows.get(kindsMs[at % 3]!)!, 1)));
  const tasks = timedTasks(count, load, threads, seeded(seed));
  const startedAt = performance.now();
  const ends: Promise<number>[] = [];
  for (const task of tasks) {
    await until(startedAt + task.submitMs);
    const run = await engine.submit(timedWorkflows.get(task.ms)!, task.ms, { deadline: Math.max(0.001, task.deadlineMs - task.submitMs) });
    ends.push(endOf(run, task, startedAt));
  }
  return summaryOf(tasks, await Promise.all(ends));
}

/** By timers, which are late by a ms at most: who would look again and again takes a core from those who work. */
async function until(at: number): Promise<void> {
  for (let leftMs = at - performance.now(); leftMs > 0; leftMs = at - performance.now()) await sleep(leftMs);
}

/** When the result was there, from the start. */
async function endOf(run: Run<number>, { ms }: TimedTask, startedAt: number): Promise<number> {
  const answer = await run.result();
  if (answer !== ms) throw new Error(`Cannot count a task as it must give its time back, ${ms} ms: ${answer}`);
  return performance.now() - startedAt;
}

/** From when each task should have been submitted: what comes late to the engine has waited. */
function summaryOf(tasks: readonly TimedTask[], endsMs: readonly number[]): ScheduledLoadSample {
  const slowdowns = tasks.map(({ submitMs, ms }, at) => (endsMs[at]! - submitMs) / ms);
  const missed = tasks.filter(({ deadlineMs }, at) => endsMs[at]! > deadlineMs).length;
  return { meanSlowdown: slowdowns.reduce((sum, each) => sum + each, 0) / tasks.length, missed: missed / tasks.length };
}
