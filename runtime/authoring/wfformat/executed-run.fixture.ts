/** Runs of several simulated workers, with the records of what they executed. */
import type { LoadedWorkflow } from "../../../actors/workflow/loaded-workflow.js";
import { seeded } from "../../engine/fixtures/seeded.fixture.js";
import { AttemptRecorder } from "../../observe/attempt-recorder.js";
import { readRecords } from "../../observe/read-records.js";
import { RecordStore } from "../../observe/record-store.js";
import type { TaskRecord } from "../../observe/task-record.js";
import { SimulatedCrew } from "../../worker/simulated-crew.fixture.js";

export interface ExecutedRun {
  /** In the order of starts. */
  readonly records: readonly TaskRecord[];
  /** Attempts that ended, as the executors saw them: `path attempt`, sorted. */
  readonly ended: readonly string[];
}

/** @param onStart told of the path of each task before its handler is called */
export function executedRun(
  workflow: LoadedWorkflow,
  input: unknown,
  seed: number,
  onStart: (path: string) => void = () => {},
): ExecutedRun {
  const stores: RecordStore[] = [];
  const crew = new SimulatedCrew({
    workers: 3,
    random: seeded(seed),
    arenaBytes: 1 << 20,
    latency: (worker) => {
      const store = new RecordStore();
      stores[worker] = store;
      return new AttemptRecorder({ task() {} }, store);
    },
  });
  for (const { executor } of crew.workers) executor.onStart = ({ path }) => onStart(path);
  const { order, fence, submittedAt } = crew.submit(workflow, input);
  crew.work();
  crew.close();
  const { graph } = workflow;
  const records = stores.flatMap((store, worker) => readRecords(store.of(order, fence).words, { graph, worker, submittedAt }));
  const events = crew.workers.flatMap(({ executor }) => executor.events.filter(({ kind }) => kind === "end"));
  return {
    records: records.sort((one, other) => one.startedAt - other.startedAt || one.endedAt - other.endedAt),
    ended: events.map(({ path, attempt }) => `${path} ${attempt}`).sort(),
  };
}
