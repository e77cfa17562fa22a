import { LoadedWorkflow, type MakeReady } from "../../actors/workflow/loaded-workflow.js";
import { compile } from "../authoring/compile.js";
import { openGraph } from "../authoring/topology.js";
import { type Workflow, type WorkflowOptions, workflow } from "../authoring/workflow.js";

/** Anything at all may be asked for its fields: what a ref is to a workflow that was not written by hand. */
export type AnyRef = { readonly [field: string]: AnyRef };

/** A flow for graphs that are random, or made for one test alone: they have no types worth checking. */
export interface AnyFlow {
  task(handler: (input: never) => unknown, inputs?: unknown, options?: object): AnyRef;
  map(list: unknown, body: (item: AnyRef, index: AnyRef) => unknown, options?: object): AnyRef;
  reduce(list: unknown, handler: (values: never) => unknown, options?: object): AnyRef;
}

export interface LoadOptions extends Pick<WorkflowOptions<unknown, unknown>, "defaults" | "whenTaskFails"> {
  /** @defaultValue fifo */
  readonly makeReady?: MakeReady;
}

/** A workflow as a worker holds it. */
export function loadWorkflow(
  build: (flow: AnyFlow, input: AnyRef) => unknown,
  { makeReady, ...options }: LoadOptions = {},
): LoadedWorkflow {
  const untyped = build as unknown as Parameters<typeof workflow>[1]; // a flow is untyped once it is there
  const defined = workflow({ name: "simulated", module: import.meta.url, ...options }, untyped) as Workflow<never, unknown>;
  const { name, topology, handlers, whenTaskFails } = compile(defined);
  return new LoadedWorkflow({ id: 0, name, graph: openGraph(topology), handlers, whenTaskFails, ...(makeReady && { makeReady }) });
}
