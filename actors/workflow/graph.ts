/**
 * What a workflow *is*, once it has been written: regions of nodes with edges between them, in flat tables.
 *
 *   region 0 (the workflow)                      region 1 (the body of a map)
 *   ┌──────┐   ┌──────────┐                      ┌──────┐   ┌────────┐
 *   │ 0    │──▶│ 1 task   │──┐                   │ 0    │──▶│ 1 task │   one copy an element of the list
 *   │ param│   └──────────┘  │                   │ param│   └────────┘
 *   │(input)──▶┌──────────┐  ▼    ┌──────────┐   │(item)│
 *   └──────┘   │ 2 expand │┄┄┄┄┄▶│ 3 gather │   └──────┘
 *              └──────────┘       └──────────┘
 *
 * A node is named by its region and its place in it. Place 0 is the region's *param*: the run's input in region 0, the element
 * in the body of a map. A map or reduce is two nodes: `expand` opens one scope (the body, once an element) when the list exists,
 * `gather` ends when all tasks of that scope have ended, and its output is the list (map) or the one value (reduce).
 *
 * Nodes of all regions stand one after another in the tables: global node = first[region] + place. Successors and producers are
 * places in the node's own region. What a body reads of an outer region is held by the outer expand (which waits for it) and
 * released by the outer gather.
 */

export const NODE_PARAM = 0;
export const NODE_TASK = 1;
export const NODE_EXPAND_MAP = 2;
export const NODE_EXPAND_REDUCE = 3;
export const NODE_GATHER = 4;

/** How a node's input is made of outputs. Constants are canonical values (see kernel/value). */
export type Template =
  | { readonly kind: "constant"; readonly value: unknown }
  /** Output of the node at `place`, `up` regions outward (0 = this one), then the fields of `path`, where a missing object gives undefined. */
  | { readonly kind: "ref"; readonly up: number; readonly place: number; readonly path: readonly (string | number)[] }
  /** Position of the element in the map's list, `up` regions outward. */
  | { readonly kind: "index"; readonly up: number }
  | { readonly kind: "list"; readonly items: readonly Template[] }
  | { readonly kind: "object"; readonly keys: readonly string[]; readonly values: readonly Template[] };

export type Backoff = "fixed" | "exponential";

/** Task options as the runtime reads them: every default filled in, durations in ms. */
export interface ResolvedTaskOptions {
  readonly attempts: number;
  readonly backoff: Backoff;
  readonly delayMs: number;
  readonly delayMsMax: number;
  readonly jitter: boolean;
  readonly nonRetryable: readonly string[];
  /** Infinity: none. */
  readonly timeoutMs: number;
  /** Infinity: none. */
  readonly heartbeatTimeoutMs: number;
  readonly priority: number;
  readonly estimateMs: number | undefined;
  /** Cores reserved while an attempt executes; undefined: its place on a worker, and nothing beyond. */
  readonly cpus: number | undefined;
  /** Bytes reserved while an attempt executes; undefined: none. */
  readonly memoryBytes: number | undefined;
  /** Present only where it is not the worker's own thread: what was recorded before there was a choice stays as it is. */
  readonly executor?: "process";
  readonly delivery: "at-least-once" | "at-most-once";
  readonly onFailure: "fail" | "skip-dependents";
  /** Present only when the user gave one; undefined may be a fallback. */
  readonly fallback?: { readonly value: unknown };
}

/** The tables. All typed arrays are views of one SharedArrayBuffer and are never written after compilation. */
export interface GraphTables {
  readonly regionCount: number;
  readonly nodeCount: number;
  readonly handlerCount: number;
  /** First global node of each region; one entry more than regions, so that count = first[r + 1] - first[r]. */
  readonly first: Int32Array;
  /** NODE_… of each global node. */
  readonly kind: Int32Array;
  /** Handler of a task, or of the tasks of a reduce (on its expand); -1 elsewhere. Index into the workflow's handlers, in order of first use. */
  readonly handler: Int32Array;
  /** For expand and gather: the place of the partner. -1 elsewhere. */
  readonly partner: Int32Array;
  /** For an expand of a map: the region of the body. For a reduce: its arity. 0 elsewhere. */
  readonly extra: Int32Array;
  /** For an expand of a map: elements in progress at a time, 0 = all. 0 elsewhere. */
  readonly width: Int32Array;
  /** Index into `options`. */
  readonly option: Int32Array;
  /**
   * Number of each node's template: nodes that have the same one read outputs that lie as far behind them, and are given the same constants. -1: constant
   * undefined.
   */
  readonly templateString: Int32Array;
  /** Such numbers lie below this one. */
  readonly stringCount: number;
  /**
   * How many ends a node waits for: distinct producers by data or `after`, the param not counted (it exists when the scope opens).
   * A gather waits for 1: the end of its scope.
   */
  readonly missing: Int32Array;
  /** How many nodes of the same region read this node's output, each once, plus 1 if the region's result reads it. Order-only edges read nothing. */
  readonly readers: Int32Array;
  /** Successors of global node g: places successor[successorFirst[g]] … successor[successorFirst[g + 1] - 1]. The param has none; an expand does not list its gather. */
  readonly successorFirst: Int32Array;
  readonly successor: Int32Array;
  /** Distinct places whose output node g reads and releases when it has them. May include 0, the param. A gather lists what its body reads of this region. */
  readonly producerFirst: Int32Array;
  readonly producer: Int32Array;
}

export interface Graph extends GraphTables {
  /** Input of a task; the list of an expand; constant undefined for param and gather. Decoded on first use. */
  template(node: number): Template;
  /** What the region gives: the run's result for region 0, one element of the list for a body. */
  result(region: number): Template;
  /** Distinct places that the region's result reads. */
  resultProducers(region: number): Int32Array;
  /** Name of a global node, unique in its region; "input" and "item" for params. */
  name(node: number): string;
  /** The name without the number that keeps it apart from others of the same handler: what latencies are grouped by. */
  label(node: number): string;
  options(node: number): ResolvedTaskOptions;
}
