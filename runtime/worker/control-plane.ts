import type { MessagePort } from "node:worker_threads";
import { loadHandlers } from "../authoring/load-handlers.js";
import { loadPolicy } from "../authoring/load-policy.js";
import type { WorkerLatencyKind } from "../observe/latency.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import type { KeptRecords } from "../observe/record-store.js";
import { type Answer, answer, answerLater, serveCalls } from "./serve-calls.js";
import type { WorkerRuntime } from "./worker-runtime.js";
import type { WorkflowRegistration } from "./worker-start.js";

/** What the control thread may call on a worker. The data plane is shared memory; this is for rare calls only. */
export interface ControlApi {
  register(workflow: WorkflowRegistration): Promise<Answer<null>>;
  latency(kind: WorkerLatencyKind, task: string | undefined): Answer<LatencySnapshot[]>;
  records(order: number, fence: number): Answer<KeptRecords>;
  learned(): Answer<Record<string, object>>;
  learn(learned: Readonly<Record<string, unknown>>): Answer<null>;
  stop(): Promise<Answer<null>>;
}

export const controlMethods = [
  "register",
  "latency",
  "records",
  "learned",
  "learn",
  "stop",
] as const satisfies readonly (keyof ControlApi)[];

/** How a worker comes to its end. */
export interface Stopping {
  giveUp(): Promise<void>;
  close(): void;
}

/** Serves control calls on a port. */
export function serveControl(port: MessagePort, runtime: WorkerRuntime, stopping: Stopping): void {
  const api: ControlApi = {
    register: (workflow: WorkflowRegistration) => answerLater(() => loadWorkflow(runtime, workflow)),
    latency: (kind: WorkerLatencyKind, task: string | undefined) => answer(() => runtime.latency(kind, task)),
    records: (order: number, fence: number) => answer(() => runtime.records(order, fence)),
    learned: () => answer(() => runtime.learned()),
    learn: (learned: Readonly<Record<string, unknown>>) =>
      answer(() => {
        runtime.learn(learned);
        return null;
      }),
    stop: () =>
      answerLater(async () => {
        await stopping.giveUp(); // whoever has been answered ends the thread
        setImmediate(() => stopping.close()); // after the answer has been posted
        return null;
      }),
  };
  serveCalls(port, api, controlMethods);
}

/** Imports the modules of a workflow and hands what is found in them to the worker. */
export async function loadWorkflow(runtime: WorkerRuntime, registration: WorkflowRegistration): Promise<null> {
  const handlers = await loadHandlers(registration.name, registration.source);
  runtime.register(registration, { handlers, policy: await loadPolicy(registration.scheduler) });
  return null;
}
