import { z } from "zod";
import { shapes } from "../workloads/graphs.js";

/** What entries of the configuration are made of. */
export const count = z.int().min(1);
/** Tasks of a workflow. */
export const size = count.max(100_000);
/** How tasks depend on each other. */
export const workloadShape = z.enum(shapes);
/** A shape and a number of tasks: `chain-40`. */
export const workloadName = z.string().regex(new RegExp(`^(${shapes.join("|")})-[1-9]\\d{0,3}$`));
/** A probability, or a part of a whole. */
export const share = z.number().min(0).max(1);
/** How often something is measured, in processes of its own. */
export const ROUNDS_MAX = 1_000;

interface ListOptions<Item> {
  /** Values at least. @defaultValue 1 */
  readonly min?: number;
  /** What a value is called where it was measured: no two may be called the same. @defaultValue as it is written */
  readonly nameOf?: (value: Item) => string;
}

/** Values that are measured one beside the other, none of them twice. */
export function listOf<Item extends z.ZodType>(item: Item, { min = 1, nameOf = String }: ListOptions<z.output<Item>> = {}) {
  return z
    .array(item)
    .min(min)
    .check(({ value, issues }) => {
      const names = value.map((one) => nameOf(one));
      for (const [at, name] of names.entries()) {
        const first = names.indexOf(name);
        if (first < at) issues.push({ code: "custom", input: value, path: [at], message: `Found twice: ${name}, as [${first}]` });
      }
    });
}
