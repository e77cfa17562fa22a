import type { TaskRecord } from "dataflower";
import type { GanttSpan } from "../../report/plots/picture.js";
import { nameOfTask } from "../../workloads/timeline-workflow.js";

/** What passes between the end of a task and the start of the next is no waiting. */
const WAITED_MS_MIN = 0.2;

/**
 * Every task with when it could have started and why it did not.
 *
 * @param records what each task did, named by its number
 * @param parents of each task, by number
 */
export function explainedTasks(records: readonly TaskRecord[], parents: readonly (readonly number[])[]): GanttSpan[] {
  const byTask = new Map(records.map((record) => [record.path, record]));
  return parents.map((inputs, task) => {
    const record = byTask.get(nameOfTask(task));
    if (record === undefined) throw new Error(`Cannot draw the run as every task must have been recorded: ${nameOfTask(task)} was not`);
    const [last] = inputs.map((input) => byTask.get(nameOfTask(input))!).sort((a, b) => b.endedAt - a.endedAt);
    const readyMs = Math.min(record.startedAt, last?.endedAt ?? 0);
    return {
      name: record.path,
      category: inputs.length === 0 ? "reads no other task" : "reads other tasks",
      row: record.worker,
      startMs: record.startedAt,
      endMs: record.endedAt,
      readyMs,
      why: whyIt(record, { readyMs, last, records }),
    };
  });
}

interface Circumstances {
  readonly readyMs: number;
  /** The input that came last; undefined: it has none. */
  readonly last: TaskRecord | undefined;
  readonly records: readonly TaskRecord[];
}

function whyIt(task: TaskRecord, { readyMs, last, records }: Circumstances): string {
  const cause = last === undefined ? "It could start with the run" : `Its last input, ${last.path}, was there at ${ms(readyMs)}`;
  const waitedMs = task.startedAt - readyMs;
  if (waitedMs < WAITED_MS_MIN) return `${cause}; it started at once.`;
  const before = records.filter((other) => other !== task && other.startedAt < task.startedAt && other.endedAt > readyMs);
  const names = before.map(({ path, worker }) => `${path} on worker ${worker}`);
  return `${cause}; it waited ${ms(waitedMs)} ${names.length === 0 ? "to be handed over" : `behind ${names.join(", ")}`}.`;
}

const ms = (value: number) => `${value.toFixed(1)} ms`;
