/**
 * Writes a graph node by node, from templates. Knows no users' objects: who calls it has turned inputs into templates, options
 * into numbers and handlers into numbers. Edges are inferred from the refs in the templates.
 *
 * Nodes are kept in columns in the order of their creation, because bodies of maps lie in between; finishing sorts them by region.
 * Edges hold the place of the producer and the node that waits for or reads it, both in one region.
 *
 * What a body reads of a region around it is read by the map that lies in that region: its expand waits, its gather reads and releases.
 */

import { NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_GATHER, NODE_PARAM, NODE_TASK, type Template } from "../../../actors/workflow/graph.js";
import { encodeValue } from "../../codec/value-codec.js";
import { packTemplate } from "../template-codec.js";
import { ByteStrings } from "./byte-strings.js";
import { Int32List } from "./int32-list.js";
import { NameTable } from "./name-table.js";

export const PARAM_PLACE = 0;
const noString = -1;
/** Templates that are looked for among those before them: so many, and none that is longer. */
const internedMax = 65_536;
const internedBytesMax = 256;
const latin1 = new TextDecoder("latin1");

export interface NodeSpec {
  /** Given by the user, or made from the handler. */
  readonly name: string;
  readonly isNameGiven: boolean;
  /** What its latencies are grouped by. @defaultValue its name without the number */
  readonly label?: string | undefined;
  /** Input of a task; list of a map or reduce. */
  readonly input: Template;
  readonly option: number;
  /** Nodes that end first although nothing of theirs is read. */
  readonly after: readonly number[];
}

/** A region whose nodes are being written. All but the first are the body of a map in the one before. */
interface OpenRegion {
  readonly region: number;
  /** The map's expand, a node of the region around; -1 for the workflow itself. */
  readonly expand: number;
  /** Places of the region around that the expand waits for, and those that the body reads. */
  readonly awaited: Set<number>;
  readonly captured: Set<number>;
}

export class GraphWriter {
  readonly names = new NameTable(["input", "item"]);
  readonly strings = new ByteStrings();
  /** One entry a node. */
  readonly columns = {
    region: new Int32List(),
    place: new Int32List(),
    kind: new Int32List(),
    handler: new Int32List(),
    partner: new Int32List(),
    extra: new Int32List(),
    width: new Int32List(),
    option: new Int32List(),
    template: new Int32List(),
    name: new Int32List(),
    label: new Int32List(),
  };
  /** One entry a region. */
  readonly regions = { nodeCount: new Int32List(), depth: new Int32List(), result: new Int32List() };
  /** One entry an edge: the place of the producer, and the node or region that waits or reads. */
  readonly waits = { place: new Int32List(), node: new Int32List() };
  readonly reads = { place: new Int32List(), node: new Int32List() };
  readonly resultReads = { place: new Int32List(), region: new Int32List() };
  readonly #open: OpenRegion[] = [];
  /** By label: its string. */
  readonly #labels = new Map<string, number>();
  /** By its bytes: the string of a template, of those that were stored lately. */
  readonly #templates = new Map<string, number>();
  #taskCount = 0;

  constructor() {
    this.#openRegion(-1);
  }

  get nodeCount(): number {
    return this.columns.kind.length;
  }

  /** Maps around the region that is being written. */
  get mapDepth(): number {
    return this.#open.length - 1;
  }

  /** Tasks and reduces; a graph without any has nothing to do. */
  get taskCount(): number {
    return this.#taskCount;
  }

  /** @param spec `afterPlaces`: as `after`, places of the region being written, which may be those of tasks that are added later */
  addTask(spec: NodeSpec & { readonly handler: number; readonly afterPlaces?: readonly number[] }): number {
    this.#taskCount++;
    const node = this.#addNode(NODE_TASK, spec);
    this.columns.handler.set(node, spec.handler);
    const read = this.#read(node, spec.input);
    for (const place of spec.afterPlaces ?? []) read.add(place);
    this.#await(node, this.#afterPlaces(spec.after, read));
    return node;
  }

  /** @returns the node whose output is the merged value */
  addReduce(spec: NodeSpec & { readonly handler: number; readonly arity: number }): number {
    this.#taskCount++;
    const node = this.#addNode(NODE_EXPAND_REDUCE, spec);
    this.columns.handler.set(node, spec.handler);
    this.columns.extra.set(node, spec.arity);
    const read = this.#read(node, spec.input);
    this.#await(node, this.#afterPlaces(spec.after, read));
    return this.#addGather(node);
  }

  /** Opens the body of a map. @returns the body's param: one element of the list */
  openMap(spec: NodeSpec & { readonly width: number }): number {
    const expand = this.#addNode(NODE_EXPAND_MAP, spec);
    this.columns.width.set(expand, spec.width);
    this.columns.extra.set(expand, this.regions.nodeCount.length);
    const awaited = this.#afterPlaces(spec.after, this.#read(expand, spec.input));
    this.#addGather(expand);
    return this.#openRegion(expand, awaited);
  }

  /** Ends the body that was opened last. @returns the node whose output is the list of results */
  closeMap(result: Template): number {
    const { expand, awaited, captured } = this.#closeRegion(result);
    const gather = expand + 1;
    for (const place of captured) {
      awaited.add(place);
      this.#addRead(place, gather);
    }
    this.#await(expand, awaited);
    return gather;
  }

  /** Ends the workflow itself; nothing can be added any more. */
  finish(result: Template): void {
    this.#closeRegion(result);
  }

  /** Where a node lies, seen from the region that is being written; undefined if its region has been closed. */
  locate(node: number): { readonly up: number; readonly place: number } | undefined {
    const region = this.columns.region.at(node);
    const depth = this.regions.depth.at(region);
    if (this.#open[depth]?.region !== region) return undefined;
    return { up: this.#open.length - 1 - depth, place: this.columns.place.at(node) };
  }

  label(node: number): string {
    const { kind, name, partner } = this.columns;
    if (kind.at(node) === NODE_PARAM) return node === 0 ? "input" : "item";
    return this.names.label(name.at(kind.at(node) === NODE_GATHER ? partner.at(node) : node));
  }

  #openRegion(expand: number, awaited = new Set<number>()): number {
    const region = this.regions.nodeCount.length;
    this.regions.nodeCount.push(0);
    this.regions.depth.push(this.#open.length);
    this.regions.result.push(noString);
    this.#open.push({ region, expand, awaited, captured: new Set() });
    return this.#push(NODE_PARAM, { option: 0, template: noString, name: noString });
  }

  #closeRegion(result: Template): OpenRegion {
    const closed = this.#open.at(-1)!;
    const read = new Set<number>();
    this.#collect(result, read);
    for (const place of read) {
      this.resultReads.place.push(place);
      this.resultReads.region.push(closed.region);
    }
    this.regions.result.set(closed.region, this.#store(result, 0));
    this.#open.pop();
    return closed;
  }

  #addNode(kind: number, { name, isNameGiven, input, option, label }: NodeSpec): number {
    const entry = isNameGiven ? this.names.addGiven(name) : this.names.addAutomatic(name);
    const node = this.#push(kind, { option, template: this.#store(input, this.#nextPlace), name: entry });
    if (label !== undefined) this.columns.label.set(node, this.#labelString(label));
    return node;
  }

  #labelString(label: string): number {
    const known = this.#labels.get(label);
    if (known !== undefined) return known;
    const string = this.strings.push(new TextEncoder().encode(label));
    this.#labels.set(label, string);
    return string;
  }

  /** Right behind its expand, and before any node of the body. */
  #addGather(expand: number): number {
    const gather = this.#push(NODE_GATHER, { option: this.columns.option.at(expand), template: noString, name: noString });
    this.columns.partner.set(expand, gather);
    this.columns.partner.set(gather, expand);
    return gather;
  }

  #push(kind: number, { option, template, name }: { option: number; template: number; name: number }): number {
    const { columns } = this;
    const { region } = this.#open.at(-1)!;
    columns.region.push(region);
    columns.place.push(this.regions.nodeCount.increment(region));
    columns.kind.push(kind);
    columns.handler.push(-1);
    columns.partner.push(-1);
    columns.extra.push(0);
    columns.width.push(0);
    columns.option.push(option);
    columns.template.push(template);
    columns.name.push(name);
    columns.label.push(noString);
    return columns.kind.length - 1;
  }

  /** Place of the node that is pushed next. */
  get #nextPlace(): number {
    return this.regions.nodeCount.at(this.#open.at(-1)!.region);
  }

  /** Nodes that are connected alike share one template: there is less to keep and to load. @param own place of the node */
  #store(template: Template, own: number): number {
    if (template.kind === "constant" && template.value === undefined) return noString;
    const bytes = encodeValue(packTemplate(template, own));
    const key = bytes.byteLength <= internedBytesMax ? latin1.decode(bytes) : undefined;
    const known = key === undefined ? undefined : this.#templates.get(key);
    if (known !== undefined) return known;
    const string = this.strings.push(bytes);
    if (this.#templates.size === internedMax) this.#templates.clear(); // of what comes once nobody asks again
    if (key !== undefined) this.#templates.set(key, string);
    return string;
  }

  /** Notes what a node reads. @returns the places of its own region among it */
  #read(node: number, template: Template): Set<number> {
    const places = new Set<number>();
    this.#collect(template, places);
    for (const place of places) this.#addRead(place, node);
    return places;
  }

  /** Adds what is read of the region being written to `own`; what is read of others is captured by the maps in them. */
  #collect(template: Template, own: Set<number>): void {
    if (template.kind === "list") for (const item of template.items) this.#collect(item, own);
    if (template.kind === "object") for (const value of template.values) this.#collect(value, own);
    if (template.kind === "ref") (template.up === 0 ? own : this.#mapIn(template.up).captured).add(template.place);
  }

  /** The open map that lies `up` regions outward. */
  #mapIn(up: number): OpenRegion {
    return this.#open[this.#open.length - up]!;
  }

  /** Adds the places of the region being written to `own`; for others, the maps in them wait. */
  #afterPlaces(after: readonly number[], own: Set<number>): Set<number> {
    for (const node of after) {
      const { up, place } = this.locate(node)!;
      (up === 0 ? own : this.#mapIn(up).awaited).add(place);
    }
    return own;
  }

  #addRead(place: number, node: number): void {
    this.reads.place.push(place);
    this.reads.node.push(node);
  }

  /** The param exists when its region opens: nobody waits for it. */
  #await(node: number, places: Set<number>): void {
    for (const place of places) {
      if (place === PARAM_PLACE) continue;
      this.waits.place.push(place);
      this.waits.node.push(node);
    }
  }
}
