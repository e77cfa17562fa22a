import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Graph } from "../../actors/workflow/graph.js";
import { readRecords } from "../observe/read-records.js";
import { type KeptRecords, recordsMax } from "../observe/record-store.js";
import type { TaskRecord } from "../observe/task-record.js";
import type { RunRecord } from "./run.js";

/**
 * Puts together what the workers have recorded of an ended run, in the order of starts.
 *
 * @param kept by worker
 * @throws DF_RESULT_TOO_LARGE, DF_WORKER_LOST when a worker has fewer records than it executed attempts
 */
export function listTasks(run: RunRecord, graph: Graph, kept: readonly KeptRecords[]): readonly TaskRecord[] {
  const { submittedAt, tasksByWorker } = run;
  const records = kept.flatMap((ofWorker, worker) => {
    const executed = tasksByWorker[worker] ?? 0;
    if (ofWorker.count < executed) throw incomplete(run.id, worker, ofWorker, executed);
    return readRecords(ofWorker.words, { graph, worker, submittedAt });
  });
  return records.sort((one, other) => one.startedAt - other.startedAt || one.endedAt - other.endedAt);
}

function incomplete(runId: string, worker: number, { count, hasDropped }: KeptRecords, executed: number): DataFlowerError {
  const found = `found ${count} of ${executed}`;
  const wish = `Cannot list the tasks of run ${runId} as`;
  if (!hasDropped) {
    const message = `${wish} the thread of worker ${worker}, which keeps their records, must live: ${found}`;
    return new DataFlowerError("DF_WORKER_LOST", message, { runId });
  }
  const message = `${wish} worker ${worker} keeps the newest ${recordsMax} records: ${found}`;
  return new DataFlowerError("DF_RESULT_TOO_LARGE", message, { runId });
}
