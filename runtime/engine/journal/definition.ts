import { hash } from "node:crypto";
import { type Graph, NODE_EXPAND_REDUCE, NODE_TASK } from "../../../actors/workflow/graph.js";
import { encodeTrusted } from "../../codec/value-codec.js";

/** How a workflow looks like, as far as it is told apart: to say what has changed when a run of it cannot be gone on with. */
export interface Definition {
  readonly workflow: string;
  /** See CompiledWorkflow. */
  readonly hash: string;
  /** The first of its tasks. */
  readonly tasks: readonly TaskDefinition[];
  readonly taskCount: number;
}

export interface TaskDefinition {
  readonly name: string;
  /** Names of what it waits for. */
  readonly after: readonly string[];
  /** Of its options. */
  readonly options: string;
}

/** Tasks that are described; of larger workflows the rest is only counted. */
export const describedTasksMax = 1000;
export const namedDifferencesMax = 20;

export function definitionOf(workflow: string, definition: string, graph: Graph): Definition {
  const nodes = Array.from({ length: graph.nodeCount }, (_, node) => node).filter((node) => isTask(graph, node));
  const tasks = nodes.slice(0, describedTasksMax).map((node) => ({
    name: graph.name(node),
    after: producersOf(graph, node),
    options: hash("sha256", encodeTrusted(graph.options(node)), "hex").slice(0, 16),
  }));
  return { workflow, hash: definition, tasks, taskCount: nodes.length };
}

/** What differs between the definition that a run was started with and today's, in words. */
export function differences(old: Definition | undefined, current: Definition): string[] {
  if (old === undefined) return ["the definition that it was started with is not known any more"];
  const before = new Map(old.tasks.map((task) => [task.name, task]));
  const after = new Map(current.tasks.map((task) => [task.name, task]));
  // What is not described may be there all the same.
  const gone = isWhole(current) ? [...before.keys()].filter((name) => !after.has(name)) : [];
  const added = isWhole(old) ? [...after.keys()].filter((name) => !before.has(name)) : [];
  const found = [
    ...gone.map((name) => `task ${name} is gone`),
    ...added.map((name) => `task ${name} is new`),
    ...[...after].flatMap(([name, task]) => changesOf(before.get(name), task)),
  ];
  if (old.taskCount !== current.taskCount) found.push(`it had ${old.taskCount} tasks and has ${current.taskCount}`);
  if (found.length === 0) return ["the code of its module, its result, or how inputs are put together"];
  return found.length > namedDifferencesMax
    ? [...found.slice(0, namedDifferencesMax), `${found.length - namedDifferencesMax} more`]
    : found;
}

const isWhole = ({ tasks, taskCount }: Definition): boolean => tasks.length === taskCount;

function changesOf(before: TaskDefinition | undefined, { name, after, options }: TaskDefinition): string[] {
  if (before === undefined) return [];
  const changes: string[] = [];
  if (before.after.join() !== after.join()) changes.push(`task ${name} followed ${listed(before.after)} and follows ${listed(after)}`);
  if (before.options !== options) changes.push(`task ${name} has other options`);
  return changes;
}

const listed = (names: readonly string[]): string => (names.length === 0 ? "nothing" : names.join(", "));

function isTask(graph: Graph, node: number): boolean {
  return graph.kind[node] === NODE_TASK || graph.kind[node] === NODE_EXPAND_REDUCE;
}

function producersOf(graph: Graph, node: number): string[] {
  const first = graph.producerFirst[node] as number;
  const base = firstOfRegion(graph, node);
  return Array.from({ length: (graph.producerFirst[node + 1] as number) - first }, (_, index) =>
    graph.name(base + (graph.producer[first + index] as number)),
  );
}

/** Places of producers count from the start of their region. */
function firstOfRegion(graph: Graph, node: number): number {
  let region = 0;
  while (region + 1 < graph.regionCount && (graph.first[region + 1] as number) <= node) region += 1;
  return graph.first[region] as number;
}
