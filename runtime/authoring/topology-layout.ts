/**
 * Where everything stands in the one SharedArrayBuffer that holds a compiled graph. Written once, on the control thread, before any
 * other thread is handed the buffer; only read afterwards, so no access needs to be atomic.
 *
 *   word 0        16                                                          byte bytesOffset
 *        ├ header ┼ first … ┼ kind … ┼ handler … ┼ … ┼ stringEnd … ┼ strings: encoded templates, results, options; names in UTF-8 ┤
 *
 * Tables hold Int32 words and stand in the order of `tableLengths`. Strings lie back to back: string s ends at stringEnd[s] and
 * begins where the one before it ends. Columns whose name ends in `String` hold numbers of strings.
 */

import { DataFlowerError } from "../../actors/kernel/errors.js";

const MAGIC = 0x44465447; // "DFTG"
const VERSION = 2;
const headerWords = 16;

const countNames = [
  "regionCount",
  "nodeCount",
  "handlerCount",
  "successorCount",
  "producerCount",
  "resultProducerCount",
  "optionCount",
  "stringCount",
  "byteCount",
] as const;

export type TopologyCounts = Readonly<Record<(typeof countNames)[number], number>>;

/** Words of each table. What the tables of GraphTables mean is said there. */
const tableLengths = {
  first: (c) => c.regionCount + 1,
  kind: (c) => c.nodeCount,
  handler: (c) => c.nodeCount,
  partner: (c) => c.nodeCount,
  extra: (c) => c.nodeCount,
  width: (c) => c.nodeCount,
  option: (c) => c.nodeCount,
  missing: (c) => c.nodeCount,
  readers: (c) => c.nodeCount,
  successorFirst: (c) => c.nodeCount + 1,
  successor: (c) => c.successorCount,
  producerFirst: (c) => c.nodeCount + 1,
  producer: (c) => c.producerCount,
  templateString: (c) => c.nodeCount,
  /** Name of a task or expand, and the number behind it; 0: none. -1 for params and gathers, whose names follow from others. */
  nameString: (c) => c.nodeCount,
  nameNumber: (c) => c.nodeCount,
  /** What latencies are grouped by; -1: the name without its number. */
  labelString: (c) => c.nodeCount,
  /** Template of a region's result; -1: constant undefined. */
  resultString: (c) => c.regionCount,
  resultProducerFirst: (c) => c.regionCount + 1,
  resultProducer: (c) => c.resultProducerCount,
  optionString: (c) => c.optionCount,
  stringEnd: (c) => c.stringCount,
} as const satisfies Record<string, (counts: TopologyCounts) => number>;

type TableName = keyof typeof tableLengths;

export type TopologyViews = TopologyCounts & Readonly<Record<TableName, Int32Array>> & { readonly bytes: Uint8Array };

/** A new buffer of the right size with its header written. */
export function allocateTopology(counts: TopologyCounts): TopologyViews & { readonly buffer: SharedArrayBuffer } {
  let words = headerWords;
  for (const length of Object.values(tableLengths)) words += length(counts);
  const buffer = new SharedArrayBuffer(words * 4 + counts.byteCount);
  const header = new Int32Array(buffer, 0, headerWords);
  header[0] = MAGIC;
  header[1] = VERSION;
  countNames.forEach((name, index) => {
    header[2 + index] = counts[name];
  });
  return { ...viewsOf(buffer, counts), buffer };
}

/** @throws DF_FRAME_CORRUPT if the buffer holds no topology of this version */
export function topologyViews(buffer: SharedArrayBuffer): TopologyViews {
  const header = new Int32Array(buffer, 0, buffer.byteLength < headerWords * 4 ? 0 : headerWords);
  if (header[0] !== MAGIC || header[1] !== VERSION) {
    throw new DataFlowerError(
      "DF_FRAME_CORRUPT",
      `Cannot open a graph as its buffer must begin with ${MAGIC}, ${VERSION}: found ${header[0]}, ${header[1]}`,
    );
  }
  const counts = Object.fromEntries(countNames.map((name, index) => [name, header[2 + index]]));
  return viewsOf(buffer, counts as TopologyCounts); // every name of a count has just been given one
}

function viewsOf(buffer: SharedArrayBuffer, counts: TopologyCounts): TopologyViews {
  let offset = headerWords * 4;
  const tables: Partial<Record<TableName, Int32Array>> = {};
  for (const name of Object.keys(tableLengths) as TableName[]) {
    const length = tableLengths[name](counts);
    tables[name] = new Int32Array(buffer, offset, length);
    offset += length * 4;
  }
  const bytes = new Uint8Array(buffer, offset, counts.byteCount);
  return { ...counts, ...(tables as Record<TableName, Int32Array>), bytes }; // every name of a table has just been given one
}
