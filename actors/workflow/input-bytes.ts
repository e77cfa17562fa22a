import type { Scope } from "./scope.js";

/** Size of a task's input: as far as it is known beforehand, else that of the outputs which it reads in its own region. */
export function inputBytes({ shape, memory, workflow }: Scope, instance: number, node: number): number {
  if (workflow.knownInputBytes !== undefined) return workflow.knownInputBytes[node] as number;
  if (shape.region === -1) return 0; // a call of a reduce: what it merges is not told apart
  const { producer, producerFirst } = workflow.graph;
  const base = shape.baseOf(shape.elementOf(instance));
  let bytes = 0;
  for (let at = producerFirst[node] as number; at < (producerFirst[node + 1] as number); at++) {
    bytes += memory.bytes(base + (producer[at] as number));
  }
  return bytes;
}
