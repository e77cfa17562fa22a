import { type Graph, NODE_GATHER, NODE_PARAM, type ResolvedTaskOptions, type Template } from "./graph.js";

/** A node of a graph written by hand. Its place is its position in the region; place 0 is the param, which needs no entry. */
export interface NodeDraft {
  readonly kind: number;
  readonly name: string;
  /** Places that it waits for. */
  readonly waits?: readonly number[];
  readonly input?: Template;
  readonly partner?: number;
  readonly extra?: number;
  readonly width?: number;
  /** Gather: places of this region that the body reads. */
  readonly bodyReads?: readonly number[];
}

export interface RegionDraft {
  readonly nodes: readonly NodeDraft[];
  readonly result?: Template;
}

export const constant = (value: unknown): Template => ({ kind: "constant", value });
export const ref = (place: number, path: readonly (string | number)[] = [], up = 0): Template => ({ kind: "ref", up, place, path });
export const index = (up = 0): Template => ({ kind: "index", up });
export const list = (...items: Template[]): Template => ({ kind: "list", items });
export const object = (fields: Readonly<Record<string, Template>>): Template => ({
  kind: "object",
  keys: Object.keys(fields),
  values: Object.values(fields),
});

export const plainOptions: ResolvedTaskOptions = {
  attempts: 1,
  backoff: "fixed",
  delayMs: 0,
  delayMsMax: 0,
  jitter: false,
  nonRetryable: [],
  timeoutMs: Number.POSITIVE_INFINITY,
  heartbeatTimeoutMs: Number.POSITIVE_INFINITY,
  priority: 3,
  estimateMs: 7,
  cpus: 1,
  memoryBytes: undefined,
  delivery: "at-least-once",
  onFailure: "fail",
};

/** The tables of a graph that is small enough to be written by hand. */
export function graphOf(drafts: readonly RegionDraft[]): Graph {
  const regions = drafts.map(({ nodes }) => [{ kind: NODE_PARAM, name: "param" }, ...nodes] as NodeDraft[]);
  const nodes = regions.flat();
  const first = Int32Array.from([
    0,
    ...regions.map(
      (
        (sum) => (region) =>
          (sum += region.length)
      )(0),
    ),
  ]);
  const reads = nodes.map(({ input, bodyReads }) => [...new Set(bodyReads ?? placesIn(input))]);
  const results = drafts.map(({ result }) => [...new Set(placesIn(result))]);
  const places = regions.flatMap((region, number) => region.map((_, place) => ({ number, place })));
  const within = (number: number) => nodes.slice(first[number], first[number + 1]).map((node, place) => ({ node, place }));
  const successors = places.map(({ number, place }) =>
    within(number)
      .filter(({ node }) => node.waits?.includes(place))
      .map((one) => one.place),
  );
  const readers = places.map(({ number, place }) => {
    const readBy = within(number).filter((one) => reads[(first[number] as number) + one.place]?.includes(place)).length;
    return readBy + (results[number]?.includes(place) === true ? 1 : 0);
  });
  return {
    regionCount: drafts.length,
    nodeCount: nodes.length,
    handlerCount: 1,
    first,
    kind: Int32Array.from(nodes, ({ kind }) => kind),
    handler: Int32Array.from(nodes, () => 0),
    partner: Int32Array.from(nodes, ({ partner }) => partner ?? -1),
    extra: Int32Array.from(nodes, ({ extra }) => extra ?? 0),
    width: Int32Array.from(nodes, ({ width }) => width ?? 0),
    option: new Int32Array(nodes.length),
    templateString: Int32Array.from(nodes, (_, node) => node),
    stringCount: nodes.length,
    missing: Int32Array.from(nodes, ({ kind, waits }) => (kind === NODE_GATHER ? 1 : (waits?.length ?? 0))),
    readers: Int32Array.from(readers),
    ...table("successor", successors),
    ...table("producer", reads),
    template: (node) => nodes[node]?.input ?? constant(undefined),
    result: (region) => drafts[region]?.result ?? constant(undefined),
    resultProducers: (region) => Int32Array.from(results[region] as number[]),
    name: (node) => (nodes[node] as NodeDraft).name,
    label: (node) => (nodes[node] as NodeDraft).name,
    options: () => plainOptions,
  };
}

/** Rows laid end to end, with the place where each begins. */
function table<Name extends "successor" | "producer">(name: Name, rows: readonly (readonly number[])[]) {
  const ends = rows.map(
    (
      (sum) => (row) =>
        (sum += row.length)
    )(0),
  );
  return { [name]: Int32Array.from(rows.flat()), [`${name}First`]: Int32Array.from([0, ...ends]) } as Record<
    Name | `${Name}First`,
    Int32Array
  >;
}

/** Places of its own region that a template reads. */
function placesIn(template: Template | undefined): number[] {
  if (template?.kind === "ref" && template.up === 0) return [template.place];
  if (template?.kind === "list") return template.items.flatMap(placesIn);
  return template?.kind === "object" ? template.values.flatMap(placesIn) : [];
}
