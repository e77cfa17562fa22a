import { assert } from "../../../actors/kernel/assert.js";
import { type Graph, NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_TASK } from "../../../actors/workflow/graph.js";
import type { TaskRecord } from "../../observe/task-record.js";
import { regionOf } from "../region-of.js";

/** What was executed of a region: of the workflow itself, or of one element of a map. Everything is found by its global node. */
export interface ExecutedRegion {
  /** Paths of tasks. */
  readonly tasks: Map<number, string>;
  /** By expand. */
  readonly reduces: Map<number, ExecutedReduce>;
  /** By expand: those elements of which anything was executed, by position. */
  readonly maps: Map<number, Map<number, ExecutedRegion>>;
}

export interface ExecutedReduce {
  readonly listLength: number;
  /** Paths of calls, by position. */
  readonly calls: Map<number, string>;
}

/** Sorts the tasks of a run by where they stand in its graph. */
export function executedRegion(graph: Graph, records: readonly TaskRecord[]): ExecutedRegion {
  const nodes = nodesByName(graph);
  const expandsAround = expandsByRegion(graph);
  const root = emptyRegion();
  for (const record of records) {
    const node = nodes.get(record.name);
    assert(node !== undefined, "records are those of a run of this graph");
    const positions = positionsIn(record);
    const region = innermost(root, expandsAround[regionOf(graph, node)] as readonly number[], positions);
    if (graph.kind[node] === NODE_TASK) region.tasks.set(node, record.path);
    else addCall(region, node, positions.at(-1) as number, record);
  }
  return root;
}

/** Tasks and reduces; names are unique among them. */
export function nodesByName(graph: Graph): Map<string, number> {
  const nodes = new Map<string, number>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.kind[node] === NODE_TASK || graph.kind[node] === NODE_EXPAND_REDUCE) nodes.set(graph.name(node), node);
  }
  return nodes;
}

/** By region: the expands of the maps around it, outermost first. A body stands behind what is around it. */
function expandsByRegion(graph: Graph): number[][] {
  const around: number[][] = Array.from({ length: graph.regionCount }, () => []);
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.kind[node] !== NODE_EXPAND_MAP) continue;
    around[graph.extra[node] as number] = [...(around[regionOf(graph, node)] as number[]), node];
  }
  return around;
}

const positionsIn = ({ path, name }: TaskRecord): number[] => path.slice(name.length).match(/\d+/g)?.map(Number) ?? [];

function innermost(root: ExecutedRegion, expands: readonly number[], positions: readonly number[]): ExecutedRegion {
  return expands.reduce((region, expand, depth) => {
    const elements = got(region.maps, expand, () => new Map<number, ExecutedRegion>());
    return got(elements, positions[depth] as number, emptyRegion);
  }, root);
}

function addCall(region: ExecutedRegion, node: number, position: number, { path, listLength }: TaskRecord): void {
  assert(listLength !== undefined, "the record of a call of a reduce says how long the list is");
  got(region.reduces, node, () => ({ listLength, calls: new Map<number, string>() })).calls.set(position, path);
}

const emptyRegion = (): ExecutedRegion => ({ tasks: new Map(), reduces: new Map(), maps: new Map() });

function got<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
