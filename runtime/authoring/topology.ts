import { type Graph, NODE_GATHER, NODE_PARAM, type ResolvedTaskOptions, type Template } from "../../actors/workflow/graph.js";
import { decodeValue } from "../codec/value-codec.js";
import { regionOf } from "./region-of.js";
import { type PackedTemplate, unpackTemplate } from "./template-codec.js";
import { type TopologyViews, topologyViews } from "./topology-layout.js";

/** Decoded templates are kept in so many places: small graphs keep all of theirs, a huge one does not fill the heap. A power of two. */
const keptTemplatesMax = 1 << 15;

const utf8 = new TextDecoder();
const nothing: Template = Object.freeze({ kind: "constant", value: undefined });

/**
 * Opens a compiled graph, in any thread. The tables are views of the shared buffer; templates, names and options are decoded on
 * first use, each from a private copy of its bytes.
 *
 * @throws DF_FRAME_CORRUPT if the buffer holds no graph of this version
 */
export function openGraph(topology: SharedArrayBuffer): Graph {
  const views = topologyViews(topology);
  const strings = new StringReader(views);
  return {
    ...views,
    ...templatesOf(views, strings),
    name: namesOf(views, strings),
    label: (node) => strings.text(views.labelString[node]! < 0 ? views.nameString[node]! : views.labelString[node]!),
    options: optionsOf(views, strings),
  };
}

/** Reads strings by number. Copies them first: decoding straight from shared memory is sixty times slower. */
class StringReader {
  readonly #bytes: Uint8Array;
  readonly #ends: Int32Array;

  constructor({ bytes, stringEnd }: TopologyViews) {
    this.#bytes = bytes;
    this.#ends = stringEnd;
  }

  text(number: number): string {
    return utf8.decode(this.#copy(number));
  }

  value(number: number): unknown {
    return decodeValue(this.#copy(number));
  }

  /** @param own place of the node whose input it is; 0 for the result of a region */
  template(number: number, own: number): Template {
    return number < 0 ? nothing : unpackTemplate(this.value(number) as PackedTemplate, own); // the writer stored nothing else there
  }

  /** slice() of a view of shared memory is a view of private memory. */
  #copy(number: number): Uint8Array {
    return this.#bytes.slice(number === 0 ? 0 : this.#ends[number - 1], this.#ends[number]);
  }
}

function templatesOf(views: TopologyViews, strings: StringReader): Pick<Graph, "template" | "result" | "resultProducers"> {
  const places = Math.min(keptTemplatesMax, 2 ** Math.ceil(Math.log2(views.nodeCount)));
  const keptNode = new Int32Array(places).fill(-1);
  const kept: Template[] = new Array(places).fill(nothing);
  const results: (Template | undefined)[] = new Array(views.regionCount).fill(undefined);
  return {
    template(node) {
      const place = node & (places - 1);
      if (keptNode[place] === node) return kept[place]!;
      const template = strings.template(views.templateString[node]!, node - views.first[regionOf(views, node)]!);
      keptNode[place] = node;
      kept[place] = template;
      return template;
    },
    result(region) {
      results[region] ??= strings.template(views.resultString[region]!, 0);
      return results[region];
    },
    resultProducers: (region) => views.resultProducer.subarray(views.resultProducerFirst[region], views.resultProducerFirst[region + 1]),
  };
}

/** A gather has no name of its own: a colon keeps the one it is shown by apart from all names that can be given. */
function namesOf(views: TopologyViews, strings: StringReader): Graph["name"] {
  const name = (node: number): string => {
    if (views.kind[node] === NODE_PARAM) return node === 0 ? "input" : "item";
    if (views.kind[node] === NODE_GATHER) return `${name(views.first[regionOf(views, node)]! + views.partner[node]!)}:gather`;
    const number = views.nameNumber[node]!;
    const text = strings.text(views.nameString[node]!);
    return number === 0 ? text : `${text}-${number}`;
  };
  return name;
}

function optionsOf(views: TopologyViews, strings: StringReader): Graph["options"] {
  const decoded: (ResolvedTaskOptions | undefined)[] = new Array(views.optionCount).fill(undefined);
  return (node) => {
    const option = views.option[node]!;
    decoded[option] ??= Object.freeze(strings.value(views.optionString[option]!) as ResolvedTaskOptions); // the writer stored nothing else there
    return decoded[option];
  };
}
