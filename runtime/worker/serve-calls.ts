import type { MessagePort } from "node:worker_threads";
import { type Endpoint, expose } from "comlink";
import { errorToData } from "../codec/error-codec.js";
import { encodeValue } from "../codec/value-codec.js";

/** An answer of the control plane. Errors travel encoded: comlink alone would lose their code, cause and fields. */
export type Answer<Value> = { readonly value: Value } | { readonly error: Uint8Array };

/** Serves calls of the listed methods on a port, and nothing else. */
export function serveCalls<Api extends object>(port: MessagePort, api: Api, methods: readonly (keyof Api)[]): void {
  // A null prototype, frozen members and the guard below: comlink itself follows any path that the other side names.
  const exposed = Object.freeze(Object.assign(Object.create(null), api));
  // Node's MessagePort is an EventTarget with postMessage and start: all that comlink uses of an endpoint.
  expose(exposed, guarded(port as unknown as Endpoint, methods));
}

export function answer<Value>(call: () => Value): Answer<Value> {
  try {
    return { value: call() };
  } catch (error) {
    return { error: encodeValue(errorToData(error)) };
  }
}

export async function answerLater<Value>(call: () => Promise<Value>): Promise<Answer<Value>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: encodeValue(errorToData(error)) };
  }
}

/** Lets through calls of the listed methods and nothing else: no reads, writes or constructions. */
function guarded(endpoint: Endpoint, methods: readonly unknown[]): Endpoint {
  return {
    postMessage: (message, transfer) => endpoint.postMessage(message, transfer),
    start: () => endpoint.start?.(),
    removeEventListener: () => {}, // comlink does this on release, which is not let through either
    addEventListener: (type, listener) => {
      endpoint.addEventListener(type, (event: Event) => {
        if (!isAllowed((event as Event & { readonly data?: unknown }).data, methods)) return;
        if (typeof listener === "function") listener(event);
        else listener.handleEvent(event);
      });
    },
  };
}

function isAllowed(message: unknown, methods: readonly unknown[]): boolean {
  const { type, path } = message as { type?: unknown; path?: unknown };
  return type === "APPLY" && Array.isArray(path) && path.length === 1 && methods.includes(path[0]);
}
