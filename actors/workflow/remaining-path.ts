import { type Graph, NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_TASK } from "./graph.js";

/**
 * By node: the longest way in ms from its start to the end of its region, by estimates. A task without an estimate counts as much as
 * those with one do on average; where none has one, each task counts 1. What a map repeats counts once, as does what a reduce calls.
 */
export function remainingPaths(graph: Graph): Float64Array {
  const own = estimates(graph);
  const paths = new Float64Array(graph.nodeCount);
  for (let region = graph.regionCount - 1; region >= 0; region--) addRegion(graph, region, own, paths); // bodies lie behind what is around them
  return paths;
}

/** By node: what it takes itself. */
function estimates(graph: Graph): Float64Array {
  const own = new Float64Array(graph.nodeCount);
  let sum = 0;
  let known = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!isExecuted(graph, node)) continue;
    own[node] = graph.options(node).estimateMs ?? Number.NaN;
    if (!((own[node] as number) >= 0)) continue;
    sum += own[node] as number;
    known += 1;
  }
  const otherwise = known === 0 ? 1 : sum / known;
  return own.map((ms) => (ms >= 0 ? ms : otherwise));
}

const isExecuted = (graph: Graph, node: number): boolean => graph.kind[node] === NODE_TASK || graph.kind[node] === NODE_EXPAND_REDUCE;

function addRegion(graph: Graph, region: number, own: Float64Array, paths: Float64Array): void {
  const first = graph.first[region] as number;
  const order = orderOf(graph, region);
  for (let at = order.length - 1; at >= 0; at--) {
    const node = first + (order[at] as number);
    const behind = followers(graph, node).reduce((longestMs, place) => Math.max(longestMs, paths[first + place] as number), 0);
    paths[node] =
      behind + (own[node] as number) + (graph.kind[node] === NODE_EXPAND_MAP ? longest(graph, graph.extra[node] as number, paths) : 0);
  }
}

/** The longest way through a region whose nodes have been done. */
function longest(graph: Graph, region: number, paths: Float64Array): number {
  let longestMs = 0;
  for (let node = graph.first[region] as number; node < (graph.first[region + 1] as number); node++) {
    longestMs = Math.max(longestMs, paths[node] as number);
  }
  return longestMs;
}

/** Places of a region, each behind all that it waits for. */
export function orderOf(graph: Graph, region: number): number[] {
  const first = graph.first[region] as number;
  const count = (graph.first[region + 1] as number) - first;
  const missing = graph.missing.slice(first, first + count);
  const order: number[] = [];
  for (let place = 0; place < count; place++) if (missing[place] === 0) order.push(place);
  for (const place of order) {
    for (const follower of followers(graph, first + place)) {
      missing[follower] = (missing[follower] as number) - 1;
      if (missing[follower] === 0) order.push(follower);
    }
  }
  return order;
}

/** Places that wait for a node; for an expand, its gather too. */
function followers(graph: Graph, node: number): number[] {
  const places = Array.from(graph.successor.subarray(graph.successorFirst[node], graph.successorFirst[node + 1]));
  if (graph.kind[node] === NODE_EXPAND_MAP || graph.kind[node] === NODE_EXPAND_REDUCE) places.push(graph.partner[node] as number);
  return places;
}
