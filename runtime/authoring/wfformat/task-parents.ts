import { type Graph, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_PARAM, NODE_TASK } from "../../../actors/workflow/graph.js";
import { ReduceShape } from "../../../actors/workflow/reduce-shape.js";
import { orderOf } from "../../../actors/workflow/remaining-path.js";
import type { TaskRecord } from "../../observe/task-record.js";
import { type ExecutedReduce, type ExecutedRegion, executedRegion } from "./executed-region.js";

/** Paths of executed tasks. One list may stand for many: none is ever changed. */
type Paths = readonly string[];

/**
 * By path: the executed tasks that each executed task waited for.
 *
 * - A task waited for the tasks that it reads or follows.
 * - The first tasks of an element, and the first calls of a reduce, waited for what their map or reduce waited for.
 * - What follows a map waited for the tasks of all elements that nothing in their element follows, or that its list reads; what follows
 *   a reduce, for its last call.
 * - In place of what was not executed (an empty map, a task that was skipped) stands what that waited for.
 */
export function taskParents(graph: Graph, records: readonly TaskRecord[]): ReadonlyMap<string, Paths> {
  const walk = new Walk(graph);
  walk.region(0, executedRegion(graph, records), []);
  return walk.parents;
}

/** Goes through regions in the order of their edges; into elements by recursion, which maps nest to a depth of ten. */
class Walk {
  readonly parents = new Map<string, Paths>();
  readonly #graph: Graph;
  /** By global node: places that it waits for. */
  readonly #before: readonly (readonly number[])[];
  /** By region: its places, each behind all that it waits for. */
  readonly #orders: (readonly number[])[] = [];
  /** By region: the places whose ends are the end of the region, or whose outputs its result. */
  readonly #lasts: (readonly number[])[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#before = placesBefore(graph);
  }

  /**
   * @param front what the region as a whole waited for
   * @returns what those waited for that waited for the end of the region
   */
  region(region: number, executed: ExecutedRegion, front: Paths): Paths {
    const { first, kind, partner } = this.#graph;
    const base = first[region] as number;
    const ends: Paths[] = [];
    this.#orders[region] ??= orderOf(this.#graph, region);
    for (const place of this.#orders[region]) {
      const node = base + place;
      if (kind[node] === NODE_PARAM || kind[node] === NODE_GATHER) continue; // a gather ends with its expand
      const before = this.#before[node] as readonly number[];
      const waited = before.length === 0 ? front : union(before.map((other) => ends[other] as Paths));
      if (kind[node] === NODE_TASK) ends[place] = this.#task(executed.tasks.get(node), waited);
      else ends[partner[node] as number] = this.#scope(node, executed, waited);
    }
    this.#lasts[region] ??= lastPlaces(this.#graph, region);
    return union(this.#lasts[region].map((place) => ends[place] as Paths));
  }

  /** @returns what stands for the task's end */
  #task(path: string | undefined, waited: Paths): Paths {
    if (path === undefined) return waited;
    this.parents.set(path, waited);
    return [path];
  }

  /** @param node an expand */
  #scope(node: number, executed: ExecutedRegion, waited: Paths): Paths {
    const { kind, extra } = this.#graph;
    if (kind[node] === NODE_EXPAND_REDUCE) return this.#reduce(node, executed.reduces.get(node), waited);
    const elements = executed.maps.get(node);
    if (elements === undefined) return waited;
    return union(Array.from(elements.values(), (element) => this.region(extra[node] as number, element, waited)));
  }

  #reduce(node: number, executed: ExecutedReduce | undefined, waited: Paths): Paths {
    if (executed === undefined) return waited;
    const { listLength, calls } = executed;
    const shape = new ReduceShape(node, listLength, this.#graph.extra[node] as number);
    const ends: Paths[] = [];
    for (let instance = listLength; instance < shape.instances; instance++) {
      const { from, to } = shape.inputsOf(instance);
      const before = from < listLength || to === from ? waited : union(ends.slice(from - listLength, to - listLength));
      ends.push(this.#task(calls.get(instance - listLength), before));
    }
    return ends.at(-1) as Paths; // every reduce has a call
  }
}

/** The reverse of successors. */
function placesBefore({ nodeCount, regionCount, first, successorFirst, successor }: Graph): number[][] {
  const before: number[][] = Array.from({ length: nodeCount }, () => []);
  for (let region = 0; region < regionCount; region++) {
    const base = first[region] as number;
    for (let node = base; node < (first[region + 1] as number); node++) {
      const places = successor.subarray(successorFirst[node], successorFirst[node + 1]);
      for (const place of places) before[base + place]?.push(node - base);
    }
  }
  return before;
}

function lastPlaces(graph: Graph, region: number): readonly number[] {
  const { first, kind, successorFirst } = graph;
  const base = first[region] as number;
  const places = new Set<number>(graph.resultProducers(region));
  for (let node = base; node < (first[region + 1] as number); node++) {
    if (successorFirst[node] === successorFirst[node + 1]) places.add(node - base);
  }
  return [...places].filter((place) => kind[base + place] === NODE_TASK || kind[base + place] === NODE_GATHER);
}

function union(lists: readonly Paths[]): Paths {
  return lists.length === 1 ? (lists[0] as Paths) : [...new Set(lists.flat())];
}
