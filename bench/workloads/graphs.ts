import { chain } from "./chain.js";
import { diamond } from "./diamond.js";
import { fan } from "./fan.js";
import { fft } from "./fft.js";
import { layered } from "./layered.js";
import { stencil } from "./stencil.js";
import type { TaskGraph } from "./task-graph.js";

const makers = { chain, fan, diamond, stencil, fft, layered } as const;

export type Shape = keyof typeof makers;
export const shapes = Object.keys(makers) as Shape[]; // as: Object.keys forgets that the keys are known

/** The graph that a name such as `stencil-100` stands for. */
export function graphOf(name: string): TaskGraph {
  const [, shape = "", digits = ""] = /^([a-z]+)-([1-9]\d*)$/.exec(name) ?? [];
  if (!Object.hasOwn(makers, shape)) {
    throw new Error(`Cannot make a workload as its name must be ${shapes.join(" | ")}, a hyphen and a size: ${name}`);
  }
  return makers[shape as Shape](Number(digits)); // as: hasOwn has just shown it
}
