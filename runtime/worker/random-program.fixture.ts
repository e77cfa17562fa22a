/** Random workflows with tasks, nested maps and reduces, and what a plain loop makes of them. */
import fc from "fast-check";
import { copyValue } from "../../actors/kernel/value.js";

/** A value that is known where a step stands, and the path to one of its fields. */
interface Argument {
  readonly of: number;
  readonly path: readonly string[];
}

type List =
  /** The list in a task's output, or the list that a map gave. */
  { readonly kind: "known"; readonly of: number } | { readonly kind: "written"; readonly items: readonly Argument[] };

export type Step =
  | { readonly kind: "task"; readonly of: readonly Argument[]; readonly count: number }
  | {
      readonly kind: "map";
      readonly list: List;
      readonly body: readonly Step[];
      readonly result: readonly Argument[];
      readonly width: number;
    }
  | { readonly kind: "reduce"; readonly list: List; readonly arity: number };

export interface Program {
  readonly steps: readonly Step[];
  readonly result: readonly Argument[];
}

const argument: fc.Arbitrary<Argument> = fc.record({
  of: fc.nat(30),
  path: fc.constantFrom([], [], ["hash"], ["list"], ["missing", "too"]),
});
const someArguments = fc.array(argument, { maxLength: 4, size: "max" });
/** Results of maps go into the results of maps: with more of them, values would grow without bound. */
const fewArguments = fc.array(argument, { maxLength: 2, size: "max" });
const list: fc.Arbitrary<List> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("known" as const), of: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("written" as const), items: someArguments }) },
);
const task: fc.Arbitrary<Step> = fc.record({ kind: fc.constant("task" as const), of: someArguments, count: fc.nat(4) });
const reduce: fc.Arbitrary<Step> = fc.record({ kind: fc.constant("reduce" as const), list, arity: fc.integer({ min: 2, max: 4 }) });

function steps(depth: number): fc.Arbitrary<Step[]> {
  const kinds = [
    { weight: 4, arbitrary: task },
    { weight: 1, arbitrary: reduce },
  ];
  if (depth > 0) kinds.push({ weight: 2, arbitrary: mapOf(depth) });
  return fc.array(fc.oneof(...kinds), { maxLength: 3 + 2 * depth, size: "max" });
}

function mapOf(depth: number): fc.Arbitrary<Step> {
  return fc.record({ kind: fc.constant("map" as const), list, body: steps(depth - 1), result: fewArguments, width: fc.nat(3) });
}

/** Every program begins with a task, as a workflow must have one. */
export const programs: fc.Arbitrary<Program> = fc.record({
  steps: fc.tuple(task, steps(2)).map(([first, rest]) => [first, ...rest]),
  result: someArguments,
});

/** What writes a program down: a flow, which gives refs, or the plain loop, which gives values. */
export interface Writer {
  task(handler: unknown, inputs: unknown): unknown;
  map(list: unknown, body: (item: unknown, index: unknown) => unknown, options: { concurrency?: number }): unknown;
  reduce(list: unknown, handler: unknown, options: { arity: number }): unknown;
  field(of: unknown, key: string): unknown;
}

export interface Output {
  hash: number;
  list: { hash: number; list: number[] }[];
}

export interface Handlers {
  readonly make: (input: { of: unknown[]; count: number }) => unknown;
  readonly merge: (values: unknown[]) => unknown;
}

interface Known {
  readonly value: unknown;
  readonly kind: "output" | "list" | "plain";
}

/** Has a program written. @returns the result */
export function write(program: Program, writer: Writer, handlers: Handlers, input: unknown): unknown {
  const known: Known[] = [{ value: input, kind: "output" }];
  writeSteps(program.steps, writer, handlers, known);
  return resultOf(program.result, writer, known);
}

function writeSteps(all: readonly Step[], writer: Writer, handlers: Handlers, known: Known[]): void {
  for (const step of all) {
    if (step.kind === "task") {
      const of = step.of.map((one) => argumentOf(one, writer, known));
      known.push({ value: writer.task(handlers.make, { of, count: step.count }), kind: "output" });
    } else if (step.kind === "reduce") {
      const items = listOf(step.list, writer, known);
      known.push({ value: writer.reduce(items, handlers.merge, { arity: step.arity }), kind: "plain" });
    } else {
      const body = (item: unknown, index: unknown) => {
        const within: Known[] = [...known, { value: item, kind: "plain" }, { value: index, kind: "plain" }];
        writeSteps(step.body, writer, handlers, within);
        return resultOf(step.result, writer, within);
      };
      const options = step.width === 0 ? {} : { concurrency: step.width };
      known.push({ value: writer.map(listOf(step.list, writer, known), body, options), kind: "list" });
    }
  }
}

function argumentOf({ of, path }: Argument, writer: Writer, known: readonly Known[]): unknown {
  const { value, kind } = known[of % known.length] as Known;
  return kind === "output" ? path.reduce((found: unknown, key) => writer.field(found, key), value) : value;
}

function listOf(which: List, writer: Writer, known: readonly Known[]): unknown {
  if (which.kind === "written") return which.items.map((item) => argumentOf(item, writer, known));
  const lists = known.filter(({ kind }) => kind !== "plain");
  const { value, kind } = lists[which.of % lists.length] as Known;
  return kind === "list" ? value : writer.field(value, "list");
}

function resultOf(result: readonly Argument[], writer: Writer, known: readonly Known[]): unknown {
  return { of: result.map((one) => argumentOf(one, writer, known)), newest: known.at(-1)?.value };
}

/** The plain loop: carries a program out while it is written. */
export class PlainLoop implements Writer {
  calls = 0;

  task(handler: unknown, inputs: unknown): unknown {
    this.calls += 1;
    return copyValue((handler as (input: unknown) => unknown)(copyValue(inputs)));
  }

  map(items: unknown, body: (item: unknown, index: unknown) => unknown): unknown {
    return (items as unknown[]).map((item, index) => copyValue(body(item, index)));
  }

  reduce(items: unknown, handler: unknown, { arity }: { arity: number }): unknown {
    let level = items as unknown[];
    do {
      const groups = Array.from({ length: Math.max(1, Math.ceil(level.length / arity)) }, (_, group) => group * arity);
      level = groups.map((from) => this.task(handler, level.slice(from, from + arity)));
    } while (level.length > 1);
    return level[0];
  }

  field(of: unknown, key: string): unknown {
    return (of as Record<string, unknown> | undefined)?.[key];
  }
}

/** Handlers whose outputs show every difference in their inputs. */
export const plainHandlers: Handlers = {
  make({ of, count }) {
    const hash = hashOf(of);
    return { hash, list: Array.from({ length: count }, (_, index) => ({ hash: hash + index, list: [index] })) } satisfies Output;
  },
  merge: (values) => ({ hash: hashOf(values), merged: values.length }),
};

function hashOf(value: unknown): number {
  let hash = 7;
  for (const char of JSON.stringify(value)) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return hash;
}
