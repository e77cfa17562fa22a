/** What handlers may do, by name: the conformance of executors has them called here and elsewhere. */
import { appendFileSync, existsSync } from "node:fs";
import type { TaskContext } from "../authoring/task-context.js";

/** What a handler is to do, and with what. */
export interface Behaviour {
  readonly what: string;
  readonly value?: unknown;
}

// biome-ignore lint/suspicious/noThenProperty: it is what an executor must cope with
const withThen = (then: PropertyDescriptor) => Object.defineProperty({}, "then", { enumerable: true, ...then });
type Settle = (value: unknown) => void;
const thenable = (then: (resolve: Settle, reject: Settle) => void) => withThen({ value: then });

class QuotaError extends RangeError {
  readonly quota = 7;
}

/** What is thrown, by name. */
export const thrown: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  text: () => "no",
  number: () => -1.5,
  bigint: () => 2n ** 70n,
  data: () => ({ code: "E_NO", list: [1, new Map([[1, 2]])] }),
  function: () => () => 1,
  symbol: () => Symbol("no"),
  error: () => Object.assign(new Error("no"), { code: "E_NO", more: { a: [1] } }),
  caused: () => new TypeError("outer", { cause: new RangeError("inner", { cause: "innermost" }) }),
  subclass: () => new QuotaError("over"),
  aggregate: () => new AggregateError([new Error("a"), 7], "both"),
  long: () => new Error("x".repeat(1_000_000)),
  hostile: () =>
    Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("gotcha");
      },
    }),
};

const behaviours: Readonly<Record<string, (value: never, context: TaskContext) => unknown>> = {
  give: (value) => value,
  "give later": async (value) => {
    await null;
    return value;
  },
  "promise a promise": (value) => new Promise((resolve) => resolve(Promise.resolve(value))),
  thenable: (value) => thenable((resolve) => resolve(value)),
  "reject as a thenable": (value) => thenable((_, reject) => reject(value)),
  "settle again and again": (value) =>
    thenable((resolve, reject) => {
      resolve(value);
      resolve("again");
      reject("again");
    }),
  "throw as a thenable": (value) =>
    thenable(() => {
      throw value;
    }),
  "have an unreadable then": (value) =>
    withThen({
      get() {
        throw value;
      },
    }),
  "have a then that is no function": (value) => withThen({ value }),
  throw: (name: string) => {
    throw thrown[name]?.();
  },
  "reject with": (name: string) => Promise.reject(thrown[name]?.()),
  "give no data": (what: string) => ({
    deep: [what === "symbol" ? Symbol("s") : what === "class" ? new QuotaError("x").toString : new URL("a:b")],
  }),
  "give bytes": (length: number) => new Uint8Array(length).fill(7),
  "wait for": async (file: string) => {
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 1));
    return file;
  },
  wait: (ms: number) => new Promise((resolve) => setTimeout(() => resolve(ms), ms)),
  "hold its thread until": (file: string) => {
    while (!existsSync(file));
    return file;
  },
  "never settle": () => new Promise(() => {}),
  beat: (list: unknown[], context) => {
    for (const details of list) context.heartbeat(details);
    return new Promise(() => {});
  },
  "beat and throw": (list: unknown[], context) => {
    for (const details of list) context.heartbeat(details);
    throw new Error("no");
  },
  "beat with no data": (_, context) => context.heartbeat({ no: () => 1 }),
  "hear of the end": (file: string, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        appendFileSync(file, `${(signal.reason as { code: string }).code}\n`);
        reject(signal.reason as Error);
      });
      appendFileSync(file, "listening\n");
    }),
  tell: (_, { runId, taskId, attempt, fence, idempotencyKey, lastHeartbeat, signal }) => {
    return { runId, taskId, attempt, fence, idempotencyKey, lastHeartbeat, isAborted: signal.aborted };
  },
  exit: (code: number) => process.exit(code),
};

export function behave({ what, value }: Behaviour, context: TaskContext): unknown {
  const behaviour = behaviours[what];
  if (behaviour === undefined) throw new Error(`Cannot behave as nobody knows how: found ${what}`);
  return behaviour(value as never, context); // each says what it takes
}
