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
