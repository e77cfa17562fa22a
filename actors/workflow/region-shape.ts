import type { Graph } from "./graph.js";
import type { ScopeShape } from "./scope.js";

/** Elements of a map in progress at a time when its author named no limit, so that a long list cannot flood the ready set. */
export const mapWidthDefault = 4096;

/**
 * A region opened for `count` elements: instance = element × nodes of the region + place.
 *
 *   ├ element 0: param, place 1, place 2 … ┼ element 1: param, place 1 … ┼ …
 */
export class RegionShape implements ScopeShape {
  readonly region: number;
  readonly count: number;
  readonly instances: number;
  readonly nodes: number;
  readonly width: number;
  readonly nodesPerElement: number;
  readonly stride: number;
  readonly #graph: Graph;
  readonly #first: number;

  constructor(graph: Graph, region: number, count: number, width: number) {
    this.#graph = graph;
    this.#first = graph.first[region] as number;
    this.stride = (graph.first[region + 1] as number) - this.#first;
    this.region = region;
    this.count = count;
    this.instances = count * this.stride;
    this.nodesPerElement = this.stride - 1;
    this.nodes = count * this.nodesPerElement;
    this.width = width === 0 ? mapWidthDefault : width;
  }

  nodeOf(instance: number): number {
    return this.#first + (this.count === 1 ? instance : instance % this.stride);
  }

  elementOf(instance: number): number {
    return this.count === 1 ? 0 : Math.floor(instance / this.stride);
  }

  baseOf(element: number): number {
    return element * this.stride;
  }

  missingOf(instance: number): number {
    return this.#graph.missing[this.nodeOf(instance)] as number;
  }

  readersOf(instance: number): number {
    return this.#graph.readers[this.nodeOf(instance)] as number;
  }
}
