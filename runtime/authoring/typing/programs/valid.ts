// Programs that must compile. What they say about types is said by same(): it accepts true only where both types are one.
import { type Duration, type Flow, type Ref, type RefTo, type Resolved, type TaskContext, type Workflow, workflow } from "dataflower";
import { z } from "zod";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_yes: Same<A, B>) => {};
declare const flow: Flow;

// A workflow whose builder annotates its input.
async function download({ url }: { url: string }, context: TaskContext): Promise<Uint8Array> {
  return new Uint8Array(url.length + context.attempt);
}
async function resize({ image, width }: { image: Uint8Array; width: number }): Promise<Uint8Array> {
  return image.subarray(width);
}
async function publish({ images }: { images: Uint8Array[] }): Promise<string[]> {
  return images.map(String);
}
export const thumbnails = workflow(
  { name: "thumbnails", module: import.meta.url },
  (flow, input: Ref<{ url: string; widths: number[] }>) => {
    const image = flow.task(download, { url: input.url }, { retry: { attempts: 5, backoff: "exponential" }, timeout: "30s" });
    const images = flow.map(input.widths, (width) => flow.task(resize, { image, width }), { concurrency: 8 });
    return flow.task(publish, { images });
  },
);
same<typeof thumbnails, Workflow<{ url: string; widths: number[] }, string[]>>(true);

// A schema types the input; what a caller may leave out is another type than what the builder sees.
export const schematic = workflow(
  { name: "schematic", module: import.meta.url, input: z.object({ url: z.string(), width: z.number().default(64) }) },
  (flow, input) => {
    const image = flow.task(download, { url: input.url });
    return { image, small: flow.task(resize, { image, width: input.width }), made: "now" };
  },
);
same<typeof schematic, Workflow<{ url: string; width?: number | undefined }, { image: Uint8Array; small: Uint8Array; made: string }>>(true);

// The result may be any structure of refs and data.
export const pairOfTwo = workflow(
  { name: "pair-of-two", module: import.meta.url },
  (flow, input: Ref<{ n: number }>) => [flow.task(double, input.n), flow.task(double, 2)] as const,
);
same<typeof pairOfTwo, Workflow<{ n: number }, [number, number]>>(true);
export const constant = workflow(
  { name: "constant", module: import.meta.url, whenTaskFails: "continue", defaults: { retry: 1 } },
  (flow) => {
    flow.task(noInput);
    return { at: new Date(0), words: ["a"] };
  },
);
same<typeof constant, Workflow<unknown, { at: Date; words: string[] }>>(true);

// Primitive inputs, no input, optional inputs, a ref as the whole input.
function double(n: number): number {
  return 2 * n;
}
function noInput(): string {
  return "";
}
declare function header(_: { name: string; size?: number }): {
  width: number;
  format: "png" | "jpeg";
  taken: Date;
  tags: Map<string, number>;
  bytes: Uint8Array;
  at: { x: number; y: number } | undefined;
};
const head = flow.task(header, { name: "a" });
flow.task(double, head.width);
flow.task(noInput);
flow.task(noInput, undefined, { name: "x" });
flow.task(
  header,
  flow.task((): { name: string; size?: number } => ({ name: "x" })),
);

// Fields, leaves, unions, and fields reached through an object that may be missing.
same<typeof head.width, Ref<number>>(true);
const format: RefTo<"png" | "jpeg"> = head.format;
const taken: RefTo<Date> = head.taken;
const tags: RefTo<Map<string, number>> = head.tags;
const bytes: RefTo<Uint8Array> = head.bytes;
const x: RefTo<number | undefined> = head.at.x;
void [format, taken, tags, bytes, x];

// Refs deep inside inputs, lists that mix refs and data, unions, optional fields given and left out.
declare function deep(_: {
  a: { b: { c: number[] }; when: Date };
  list: readonly (string | number)[];
  pick: { kind: "n"; n: number } | { kind: "s"; s: string };
  opt?: { k: string };
}): void;
const nothing = flow.task(deep, {
  a: { b: { c: [1, head.width, flow.task(double, 3)] }, when: head.taken },
  list: ["x", head.width, head.format],
  pick: { kind: "n", n: head.width },
});
flow.task(deep, {
  a: { b: { c: [] }, when: new Date(0) },
  list: [],
  pick: flow.task((): { kind: "s"; s: string } => ({ kind: "s", s: "" })),
  opt: { k: head.format },
});

// Outputs of nothing and of anything; order without data.
const ended: RefTo<void> = nothing;
flow.task(noInput, undefined, { after: [nothing, head.width] });
void ended;
const anything = flow.task((): unknown => 1);
flow.task((_: { anything: unknown }) => 1, { anything });

// Tagged unions: the common field can be reached. Tuples: each place has its own type.
const arm = flow.task((): { kind: "n"; n: number } | { kind: "s"; s: string } => ({ kind: "n", n: 1 }));
const kind: RefTo<"n" | "s"> = arm.kind;
const pair = flow.task((): [number, string] => [1, ""]);
const left: RefTo<number> = pair[0];
const right: RefTo<string> = pair[1];
const length: RefTo<number> = flow.task((): string[] => []).length;
void [kind, left, right, length];

// A generic handler is given its type first.
async function identity<T>({ value }: { value: T }): Promise<T> {
  return value;
}
const deepValue: RefTo<number> = flow.task(identity<{ deep: number }>, { value: { deep: head.width } }).deep;
void deepValue;

// Maps: nested, over plain lists, over lists that hold refs, structures as elements, positions.
const grid = flow.map([1, 2, 3], (row, i) =>
  flow.map(
    flow.task((n: number) => [n], row),
    (cell) => ({ cell, i, twice: flow.task(double, cell) }),
  ),
);
same<typeof grid, Ref<{ cell: number; i: number; twice: number }[][]>>(true);
flow.task((_: { grid: { twice: number }[][] }) => 0, { grid });
const mixed = flow.map([head.width, 2], (n) => flow.task(double, n));
same<typeof mixed, Ref<number[]>>(true);
const objects = flow.map([{ n: head.width, image: head.bytes }], (one) => flow.task(resize, { image: one.image, width: one.n }));
same<typeof objects, Ref<Uint8Array[]>>(true);

// Reduces: of a ref, of a plain list with refs, of a handler that returns a promise or takes a read-only list.
declare function sum(numbers: readonly number[], context: TaskContext): Promise<number>;
const total = flow.reduce(mixed, sum, { arity: 8, retry: 1, fallback: 0, name: "total" });
same<typeof total, Ref<number>>(true);
flow.reduce([1, head.width, total], sum);
const counts = flow.reduce(
  flow.map(["a"], (word) => flow.task((w: string) => new Map([[w, 1]]), word)),
  (parts: Map<string, number>[]) => new Map(parts.flatMap((part) => [...part])),
);
same<typeof counts, Ref<Map<string, number>>>(true);

// Recursive types end.
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Tree {
  value: number;
  children: Tree[];
}
const json = flow.task((): Json => null);
flow.task((_: { json: Json }) => 0, { json });
flow.task((_: { json: Json }) => 0, { json: { a: [1, { b: head.width }] } });
const tree = flow.task((): Tree => ({ value: 1, children: [] }));
flow.map(tree.children, (child) => flow.task(double, child.value));

// Records, fallbacks, functions that take refs, every option.
const record = flow.task((): Record<string, { n: number }> => ({}));
flow.task(double, record.a!.n);
const scaled = (image: RefTo<Uint8Array>) => flow.task(resize, { image, width: 1 });
scaled(head.bytes);
const patience: Duration = "1.5h";
flow.task(double, 1, {
  name: "every-option",
  retry: { attempts: 5, backoff: "fixed", delay: 250, delayMax: "1m", jitter: false, nonRetryable: ["E_GONE"] },
  timeout: patience,
  heartbeatTimeout: "10s",
  priority: -1,
  estimate: "250ms",
  cpus: 2,
  memory: "512MiB",
  executor: "threads",
  delivery: "at-most-once",
  onFailure: "skip-dependents",
  fallback: 0,
  after: [nothing],
});

// The context.
flow.task((_: undefined, context) => {
  context.log.info("begun", { attempt: context.attempt });
  context.heartbeat({ page: 1 });
  context.progress(1, 10);
  context.signal.throwIfAborted();
  return [context.runId, context.taskId, context.idempotencyKey, String(context.fence), String(context.lastHeartbeat)];
});

same<Resolved<{ a: Ref<number>; b: [Ref<string>]; c: Date }>, { a: number; b: [string]; c: Date }>(true);

// Methods are no data: a ref does not have them.
declare const user: Ref<{ name: string; greet(): string }>;
same<"greet" extends keyof typeof user ? true : false, false>(true);
