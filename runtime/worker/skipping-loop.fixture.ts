/** What a plain loop makes of a program whose tasks fail and whose dependents are skipped. */
import { copyValue } from "../../actors/kernel/value.js";
import { type Handlers, type Output, plainHandlers, type Writer } from "./random-program.fixture.js";

/** Stands for an output that there is not. */
export const missing = Symbol("missing");
/** Stands for every value while a body is only looked at. */
const anything = Symbol("anything");

export const attemptsPerTask = 2;

/** Whether a task with this output fails in every attempt, in the first one, or never. */
export function fateOf(output: unknown): "always" | "once" | "never" {
  const rest = Math.abs((output as Output).hash) % 7;
  return rest === 0 ? "always" : rest === 1 ? "once" : "never";
}

/** The plain handlers, made to fail as their outputs say. */
export const failingHandlers: Handlers = { make: failing(plainHandlers.make), merge: failing(plainHandlers.merge) };

function failing<Input>(handler: (input: Input) => unknown): (input: Input, context?: { readonly attempt: number }) => unknown {
  return (input, context) => {
    const output = handler(input);
    const fate = fateOf(output);
    const { hash } = output as Output;
    if (fate === "always" || (fate === "once" && context?.attempt === 1)) throw new Error(`${hash}`.repeat(hash % 3 === 0 ? 1000 : 1));
    return output;
  };
}

export class SkippingLoop implements Writer {
  /** Attempts that start. */
  starts = 0;
  /** Some task has failed in all its attempts. */
  hasFailed = false;
  #isLooking = false;
  #hasSeenMissing = false;

  task(handler: unknown, inputs: unknown): unknown {
    if (this.#isLooking) return this.#look(inputs);
    if (lacks(inputs)) return missing;
    const output = copyValue((handler as (input: unknown) => unknown)(copyValue(inputs)));
    const fate = fateOf(output);
    this.starts += fate === "never" ? 1 : attemptsPerTask;
    if (fate !== "always") return output;
    this.hasFailed = true;
    return missing;
  }

  map(list: unknown, body: (item: unknown, index: unknown) => unknown): unknown {
    if (this.#isLooking) {
      this.#look(body(anything, anything));
      return this.#look(list);
    }
    if (lacks(list) || this.#readsMissing(body)) return missing;
    return (list as unknown[])
      .map((item, index) => body(item, index))
      .filter((result) => !lacks(result))
      .map((result) => copyValue(result));
  }

  reduce(list: unknown, handler: unknown, { arity }: { arity: number }): unknown {
    if (this.#isLooking) return this.#look(list);
    if (lacks(list)) return missing;
    let level = list as unknown[];
    do {
      const groups = Array.from({ length: Math.max(1, Math.ceil(level.length / arity)) }, (_, group) => group * arity);
      level = groups.map((from) => this.task(handler, level.slice(from, from + arity)));
    } while (level.length > 1);
    return level[0];
  }

  field(of: unknown, key: string): unknown {
    if (of === missing || of === anything) return of;
    return (of as Record<string, unknown> | undefined)?.[key];
  }

  /** Whether a body reads something around it that is missing, were the list empty or not. */
  #readsMissing(body: (item: unknown, index: unknown) => unknown): boolean {
    this.#isLooking = true;
    this.#hasSeenMissing = false;
    this.#look(body(anything, anything));
    this.#isLooking = false;
    return this.#hasSeenMissing;
  }

  #look(value: unknown): unknown {
    if (lacks(value)) this.#hasSeenMissing = true;
    return anything;
  }
}

export function lacks(value: unknown): boolean {
  if (value === missing) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(lacks);
}
