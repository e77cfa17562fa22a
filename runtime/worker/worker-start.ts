import type { MessagePort } from "node:worker_threads";
import type { WhenTaskFails } from "../../actors/workflow/loaded-workflow.js";
import type { PolicyDefinition } from "../../schedulers/index.js";
import type { HandlerSource } from "../authoring/handler-source.js";
import type { PolicySource } from "../authoring/require-policy.js";
import type { UntypedHandler } from "../authoring/task-context.js";
import type { ProcessLimits } from "../executors/process/process-executor.js";
import type { RegionPlan } from "../memory/regions.js";
import type { Amounts } from "../memory/reservations.js";

/** What a worker is given at its start. Everything here survives a structured clone; the ports are transferred. */
export interface WorkerStart {
  readonly worker: number;
  readonly plan: RegionPlan;
  readonly buffer: SharedArrayBuffer;
  /** Number of the first batch of events that it records. */
  readonly firstBatch: number;
  /** Where links to other threads come from: those that live already have been posted. */
  readonly news: MessagePort;
  /** Workflows to load before the first ticket is taken. */
  readonly workflows: readonly WorkflowRegistration[];
  /** Control calls. */
  readonly controlPort: MessagePort;
  readonly settings: WorkerSettings;
  /** What policies have learnt before, by their names. */
  readonly learned: Readonly<Record<string, unknown>>;
}

export interface WorkerSettings {
  /** Attempts that may wait for promises at a time. */
  readonly concurrency: number;
  readonly outputBytesMax: number;
  /** What the tasks of all workers may reserve. */
  readonly capacity: Amounts;
  /** Longest spin of an idle worker in µs; 0: never. */
  readonly spinUs: number;
  /** Precedes the number of a run that has no id of its own. */
  readonly runIdPrefix: string;
  /** Whether a record is kept of every attempt. */
  readonly isRecording: boolean;
  /** Whether all that happens to tasks is recorded. */
  readonly isDurable: boolean;
  /** What depends on a task waits until its end is durable. */
  readonly isStrict: boolean;
  /** What its child processes may be and take. */
  readonly processes: Omit<ProcessLimits, "outputBytesMax">;
  /** Every output is encoded, as if each run were shared. */
  readonly isEncodingAlways: boolean;
}

/** A workflow as the control thread hands it to a worker. */
export interface WorkflowRegistration {
  readonly id: number;
  readonly name: string;
  readonly source: HandlerSource;
  readonly topology: SharedArrayBuffer;
  readonly whenTaskFails: WhenTaskFails;
  /** The order of the tasks within a run. */
  readonly scheduler: PolicySource;
}

/** What a thread finds by itself, as functions do not cross threads. */
export interface LoadedParts {
  readonly handlers: readonly UntypedHandler[];
  readonly policy: PolicyDefinition;
}
