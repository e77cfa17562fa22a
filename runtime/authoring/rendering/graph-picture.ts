/**
 * A graph as something to draw: nodes in nested groups and edges between them, free of any format.
 *
 * A map is a group: its expand and gather stand outside, the body with its item inside. A reduce is one node. Solid edges carry
 * data, dashed ones only order.
 */

import { type Graph, NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_PARAM, type Template } from "../../../actors/workflow/graph.js";
import { regionOf } from "../region-of.js";

export type Shape = "value" | "task" | "expand" | "gather" | "reduce";

export interface PictureNode {
  readonly id: string;
  readonly label: string;
  readonly shape: Shape;
}

export interface PictureGroup {
  readonly id: string;
  readonly label: string;
  readonly nodes: readonly PictureNode[];
  readonly groups: readonly PictureGroup[];
}

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly carriesData: boolean;
}

export interface Picture {
  readonly root: PictureGroup;
  readonly edges: readonly PictureEdge[];
}

const resultId = "result";

export function pictureOf(graph: Graph): Picture {
  return { root: groupOf(graph, 0, "graph", ""), edges: new EdgeCollector(graph).collect() };
}

/** The gather of a reduce is drawn as its expand. */
function idOf(graph: Graph, node: number): string {
  if (graph.kind[node] !== NODE_GATHER) return `n${node}`;
  const expand = graph.first[regionOf(graph, node)]! + graph.partner[node]!;
  return graph.kind[expand] === NODE_EXPAND_REDUCE ? `n${expand}` : `n${node}`;
}

function groupOf(graph: Graph, region: number, id: string, label: string): PictureGroup {
  const nodes: PictureNode[] = [];
  const groups: PictureGroup[] = [];
  for (let node = graph.first[region]!; node < graph.first[region + 1]!; node++) {
    if (idOf(graph, node) === `n${node}`) nodes.push(nodeOf(graph, node));
    if (graph.kind[node] === NODE_EXPAND_MAP) groups.push(groupOf(graph, graph.extra[node]!, `g${node}`, `${graph.name(node)}: each item`));
  }
  if (region === 0) nodes.push({ id: resultId, label: "result", shape: "value" });
  return { id, label, nodes, groups };
}

function nodeOf(graph: Graph, node: number): PictureNode {
  const name = graph.name(node);
  const id = `n${node}`;
  switch (graph.kind[node]) {
    case NODE_PARAM:
      return { id, label: name, shape: "value" };
    case NODE_EXPAND_MAP:
      return { id, label: `${name}${graph.width[node] === 0 ? "" : ` (${graph.width[node]} at a time)`}`, shape: "expand" };
    case NODE_EXPAND_REDUCE:
      return { id, label: `${name} (reduce by ${graph.extra[node]})`, shape: "reduce" };
    case NODE_GATHER:
      return { id, label: name, shape: "gather" };
    default:
      return { id, label: name, shape: "task" };
  }
}

/** Data edges come from the templates, which know where in a body something is read; what only the tables know is order. */
class EdgeCollector {
  readonly #graph: Graph;
  /** By region: the expand of the map whose body it is. */
  readonly #expandOf: number[] = [];
  readonly #edges = new Map<string, PictureEdge>();

  constructor(graph: Graph) {
    this.#graph = graph;
    graph.kind.forEach((kind, node) => {
      if (kind === NODE_EXPAND_MAP) this.#expandOf[graph.extra[node]!] = node;
    });
  }

  collect(): readonly PictureEdge[] {
    for (let region = 0; region < this.#graph.regionCount; region++) {
      for (let node = this.#graph.first[region]!; node < this.#graph.first[region + 1]!; node++) this.#into(node, region);
      const expand = this.#expandOf[region];
      const end = expand === undefined ? resultId : idOf(this.#graph, this.#gatherOf(expand));
      this.#fromTemplate(this.#graph.result(region), region, end);
    }
    for (let node = 0; node < this.#graph.nodeCount; node++) this.#orderFrom(node);
    return [...this.#edges.values()];
  }

  #into(node: number, region: number): void {
    this.#fromTemplate(this.#graph.template(node), region, `n${node}`);
    if (this.#graph.kind[node] === NODE_EXPAND_MAP) this.#add(`n${node}`, `n${this.#graph.first[this.#graph.extra[node]!]!}`, true);
  }

  #fromTemplate(template: Template, region: number, to: string): void {
    if (template.kind === "list") for (const item of template.items) this.#fromTemplate(item, region, to);
    if (template.kind === "object") for (const value of template.values) this.#fromTemplate(value, region, to);
    if (template.kind === "ref") this.#add(idOf(this.#graph, this.#outward(region, template.up) + template.place), to, true);
    if (template.kind === "index") this.#add(idOf(this.#graph, this.#outward(region, template.up)), to, true);
  }

  /** @returns the param of the region `up` regions outward */
  #outward(region: number, up: number): number {
    let at = region;
    for (let step = 0; step < up; step++) at = regionOf(this.#graph, this.#expandOf[at]!);
    return this.#graph.first[at]!;
  }

  #orderFrom(node: number): void {
    const { first, successor, successorFirst } = this.#graph;
    const start = first[regionOf(this.#graph, node)]!;
    for (let edge = successorFirst[node]!; edge < successorFirst[node + 1]!; edge++) {
      const target = start + successor[edge]!;
      if (!this.#reads(target, node - start)) this.#add(idOf(this.#graph, node), `n${target}`, false);
    }
  }

  /** What the body of a map reads is listed by its gather. */
  #reads(node: number, place: number): boolean {
    const { kind, producer, producerFirst } = this.#graph;
    if (producer.subarray(producerFirst[node], producerFirst[node + 1]).includes(place)) return true;
    return kind[node] === NODE_EXPAND_MAP && this.#reads(this.#gatherOf(node), place);
  }

  #gatherOf(expand: number): number {
    return this.#graph.first[regionOf(this.#graph, expand)]! + this.#graph.partner[expand]!;
  }

  #add(from: string, to: string, carriesData: boolean): void {
    const key = `${from} ${to}`;
    if (!this.#edges.has(key)) this.#edges.set(key, { from, to, carriesData });
  }
}
