import { type Graph, NODE_PARAM, NODE_TASK, type ResolvedTaskOptions, type Template } from "../../actors/workflow/graph.js";
import type { SimulatedWorkflow } from "./workload.js";

const taskNode = 1;
const nothing: Template = Object.freeze({ kind: "constant", value: undefined });
const nobody = new Int32Array(0);

/** The param and one task. */
const tables: Omit<Graph, "options"> = {
  regionCount: 1,
  nodeCount: 2,
  handlerCount: 1,
  first: Int32Array.of(0, 2),
  kind: Int32Array.of(NODE_PARAM, NODE_TASK),
  handler: Int32Array.of(-1, 0),
  partner: Int32Array.of(-1, -1),
  extra: new Int32Array(2),
  width: new Int32Array(2),
  option: new Int32Array(2),
  templateString: Int32Array.of(-1, -1),
  stringCount: 0,
  missing: new Int32Array(2),
  readers: new Int32Array(2),
  successorFirst: new Int32Array(3),
  successor: nobody,
  producerFirst: new Int32Array(3),
  producer: nobody,
  template: () => nothing,
  result: () => nothing,
  resultProducers: () => nobody,
  name: (node: number) => (node === taskNode ? "task" : "input"),
  label: (node: number) => (node === taskNode ? "task" : "input"),
};

/**
 * A workflow of one task. There may be a million of them waiting at a time, so their graphs inherit their tables.
 *
 * @param options called whenever they are asked for: they are not kept
 */
export function singleTask(name: string, family: object, durationMs: number, options: () => ResolvedTaskOptions): SimulatedWorkflow {
  const graph = Object.create(tables) as Graph & { options: Graph["options"] }; // all but options it inherits
  graph.options = options;
  return { name, graph, durationMs: () => durationMs, inputBytes: undefined, family };
}
