import { chain } from "./chain.js";
import { clockedChain } from "./clocked-chain.js";
import { diamond } from "./diamond.js";
import { fan } from "./fan.js";
import { fanIn } from "./fan-in.js";
import { fft } from "./fft.js";
import { layered } from "./layered.js";
import { stencil } from "./stencil.js";
import type { TaskGraph } from "./task-graph.js";

const makers = { chain, fan, "fan-in": fanIn, diamond, stencil, fft, layered } as const;

/** Those that are compared: they differ in their edges. */
export type Shape = keyof typeof makers;
export const shapes = Object.keys(makers) as Shape[]; // as: Object.keys forgets that the keys are known

const allMakers = { ...makers, "clocked-chain": clockedChain };

/** The graph that a name such as `stencil-100` stands for. */
export function graphOf(name: string): TaskGraph {
  const [, shape = "", digits = ""] = /^([a-z]+(?:-[a-z]+)*)-([1-9]\d*)$/.exec(name) ?? [];
  if (!Object.hasOwn(allMakers, shape)) {
    throw new Error(`Cannot make a workload as its name must be ${shapes.join(" | ")}, a hyphen and a size: ${name}`);
  }
  return allMakers[shape as keyof typeof allMakers](Number(digits)); // as: hasOwn has just shown it
}
