import { NODE_GATHER } from "../../../actors/workflow/graph.js";
import { allocateTopology, type TopologyViews } from "../topology-layout.js";
import type { GraphWriter } from "./graph-writer.js";
import type { Int32List } from "./int32-list.js";

/**
 * Sorts what the writer holds by region and lays it into one SharedArrayBuffer.
 *
 * @param options numbers of the strings of the option entries
 */
export function writeTopology(writer: GraphWriter, options: Int32List, handlerCount: number): SharedArrayBuffer {
  const { text, number } = writer.names.resolve();
  const textString = internTexts(writer);
  const views = allocateTopology({
    regionCount: writer.regions.nodeCount.length,
    nodeCount: writer.nodeCount,
    handlerCount,
    successorCount: writer.waits.node.length,
    producerCount: writer.reads.node.length,
    resultProducerCount: writer.resultReads.place.length,
    optionCount: options.length,
    stringCount: writer.strings.count,
    byteCount: writer.strings.byteLength,
  });
  writeFirst(views, writer);
  const globalOf = globalNodes(views, writer);
  writeColumns(views, writer, globalOf);
  writeNames(views, writer, globalOf, { text, number, textString });
  writeSuccessors(views, writer, globalOf);
  writeProducers(views, writer, globalOf);
  writeResults(views, writer);
  views.optionString.set(options.view());
  views.stringEnd.set(writer.strings.ends());
  views.bytes.set(writer.strings.bytes());
  return views.buffer;
}

/** @returns by text: its string */
function internTexts({ names, strings }: GraphWriter): Int32Array {
  const utf8 = new TextEncoder();
  return Int32Array.from(names.texts, (text) => strings.push(utf8.encode(text)));
}

function writeFirst({ first }: TopologyViews, { regions }: GraphWriter): void {
  first.set(regions.nodeCount.view(), 1);
  accumulate(first);
}

/** @returns by order of creation: the global node */
function globalNodes({ first }: TopologyViews, { columns }: GraphWriter): Int32Array {
  const place = columns.place.view();
  return columns.region.view().map((region, node) => first[region]! + place[node]!);
}

function writeColumns(views: TopologyViews, { columns }: GraphWriter, globalOf: Int32Array): void {
  const scatter = (target: Int32Array, column: Int32List) => {
    const items = column.view();
    for (let node = 0; node < items.length; node++) target[globalOf[node]!] = items[node]!;
  };
  scatter(views.kind, columns.kind);
  scatter(views.handler, columns.handler);
  scatter(views.extra, columns.extra);
  scatter(views.width, columns.width);
  scatter(views.option, columns.option);
  scatter(views.templateString, columns.template);
  scatter(views.labelString, columns.label);
  const partner = columns.partner.view();
  for (let node = 0; node < partner.length; node++) {
    views.partner[globalOf[node]!] = partner[node]! < 0 ? -1 : columns.place.at(partner[node]!);
  }
}

interface ResolvedNames {
  /** By entry. */
  readonly text: Int32Array;
  readonly number: Int32Array;
  /** By text. */
  readonly textString: Int32Array;
}

function writeNames(
  views: TopologyViews,
  { columns }: GraphWriter,
  globalOf: Int32Array,
  { text, number, textString }: ResolvedNames,
): void {
  views.nameString.fill(-1);
  const entries = columns.name.view();
  for (let node = 0; node < entries.length; node++) {
    const entry = entries[node]!;
    if (entry < 0) continue;
    views.nameString[globalOf[node]!] = textString[text[entry]!]!;
    views.nameNumber[globalOf[node]!] = number[entry]!;
  }
}

/** A gather waits for the end of its scope, which is no node. */
function writeSuccessors(views: TopologyViews, { waits, columns }: GraphWriter, globalOf: Int32Array): void {
  const { first, missing, successorFirst, successor } = views;
  const place = waits.place.view();
  const node = waits.node.view();
  const producer = (edge: number) => first[columns.region.at(node[edge]!)]! + place[edge]!;
  for (let edge = 0; edge < node.length; edge++) {
    missing[globalOf[node[edge]!]!]!++;
    successorFirst[producer(edge) + 1]!++;
  }
  accumulate(successorFirst);
  const next = successorFirst.slice();
  for (let edge = 0; edge < node.length; edge++) successor[next[producer(edge)]!++] = columns.place.at(node[edge]!);
  for (let global = 0; global < views.nodeCount; global++) if (views.kind[global] === NODE_GATHER) missing[global] = 1;
}

function writeProducers(views: TopologyViews, { reads, columns }: GraphWriter, globalOf: Int32Array): void {
  const { first, readers, producerFirst, producer } = views;
  const place = reads.place.view();
  const node = reads.node.view();
  for (let edge = 0; edge < node.length; edge++) {
    readers[first[columns.region.at(node[edge]!)]! + place[edge]!]!++;
    producerFirst[globalOf[node[edge]!]! + 1]!++;
  }
  accumulate(producerFirst);
  const next = producerFirst.slice();
  for (let edge = 0; edge < node.length; edge++) producer[next[globalOf[node[edge]!]!]!++] = place[edge]!;
}

function writeResults(views: TopologyViews, { regions, resultReads }: GraphWriter): void {
  const { first, readers, resultProducerFirst, resultProducer } = views;
  views.resultString.set(regions.result.view());
  const place = resultReads.place.view();
  const region = resultReads.region.view();
  for (let read = 0; read < place.length; read++) {
    readers[first[region[read]!]! + place[read]!]!++;
    resultProducerFirst[region[read]! + 1]!++;
  }
  accumulate(resultProducerFirst);
  const next = resultProducerFirst.slice();
  for (let read = 0; read < place.length; read++) resultProducer[next[region[read]!]!++] = place[read]!;
}

/** Turns counts that stand one behind their row into the first entry of each row. */
function accumulate(counts: Int32Array): void {
  for (let row = 1; row < counts.length; row++) counts[row]! += counts[row - 1]!;
}
