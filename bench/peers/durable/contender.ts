import type { TaskGraph } from "../../workloads/task-graph.js";
import type { Session } from "../graph/contender.js";

/** What an acknowledged step survives: the death of every process (`process`), or of the machine (`disk`). */
export type Durability = "process" | "disk";

/** Whether a task starts only after its inputs are committed, or may before; no result is shown before it is durable either way. */
export type Commit = "strict" | "pipelined";

/** What a durable contender is opened with. */
export interface DurableSetting {
  readonly graph: TaskGraph;
  /** Worker threads, of contenders that have any. */
  readonly threads: number;
  /** Where it keeps runs: `redis://…` or `lmdb:FOLDER`, fresh and empty; the empty string for a contender that brings its own. */
  readonly store: string;
  readonly durability: Durability;
  readonly commit: Commit;
  /** Folder into which Restate was installed, see `restate/installation.ts`. */
  readonly restate?: string;
}

/** One way to execute a task graph so that runs survive. Written as the documentation of its library advises, at the settings that measured best. */
export interface DurableContender {
  /** Opens what can be opened before the first run. */
  open(setting: DurableSetting): Promise<Session>;
}
