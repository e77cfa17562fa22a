import type { MessagePort } from "node:worker_threads";
import { type Endpoint, expose } from "comlink";
import { loadHandlers } from "../authoring/load-handlers.js";
import { loadPolicy } from "../authoring/load-policy.js";
import { errorToData } from "../codec/error-codec.js";
import { encodeValue } from "../codec/value-codec.js";
import type { WorkerLatencyKind } from "../observe/latency.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import type { KeptRecords } from "../observe/record-store.js";
import type { WorkerRuntime } from "./worker-runtime.js";
import type { WorkflowRegistration } from "./worker-start.js";

/** An answer of the control plane. Errors travel encoded: comlink alone would lose their code, cause and fields. */
export type Answer<Value> = { readonly value: Value } | { readonly error: Uint8Array };

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
  const api: ControlApi = Object.freeze({
    // A null prototype, frozen members and the guard below: comlink itself follows any path that the other side names.
    __proto__: null,
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
  });
  // Node's MessagePort is an EventTarget with postMessage and start: all that comlink uses of an endpoint.
  expose(api, guarded(port as unknown as Endpoint));
}

/** Imports the modules of a workflow and hands what is found in them to the worker. */
export async function loadWorkflow(runtime: WorkerRuntime, registration: WorkflowRegistration): Promise<null> {
  const handlers = await loadHandlers(registration.name, registration.source);
  runtime.register(registration, { handlers, policy: await loadPolicy(registration.scheduler) });
  return null;
}

function answer<Value>(call: () => Value): Answer<Value> {
  try {
    return { value: call() };
  } catch (error) {
    return { error: encodeValue(errorToData(error)) };
  }
}

async function answerLater<Value>(call: () => Promise<Value>): Promise<Answer<Value>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: encodeValue(errorToData(error)) };
  }
}

/** Lets through calls of the listed methods and nothing else: no reads, writes or constructions. */
function guarded(endpoint: Endpoint): Endpoint {
  return {
    postMessage: (message, transfer) => endpoint.postMessage(message, transfer),
    start: () => endpoint.start?.(),
    removeEventListener: () => {}, // comlink does this on release, which is not let through either
    addEventListener: (type, listener) => {
      endpoint.addEventListener(type, (event: Event) => {
        if (!isAllowed((event as Event & { readonly data?: unknown }).data)) return;
        if (typeof listener === "function") listener(event);
        else listener.handleEvent(event);
      });
    },
  };
}

function isAllowed(message: unknown): boolean {
  const { type, path } = message as { type?: unknown; path?: unknown };
  return type === "APPLY" && Array.isArray(path) && path.length === 1 && (controlMethods as readonly unknown[]).includes(path[0]);
}
