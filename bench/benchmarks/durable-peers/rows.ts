import { hasRedisServer } from "../../harness/redis-server.js";
import type { StoreKind } from "../../harness/store.js";
import type { Commit, Durability } from "../../peers/durable/contender.js";
import type { DurableContenderName } from "../../peers/durable/contenders.js";
import { findRestate, howToInstall } from "../../peers/durable/restate/installation.js";
import { isTree } from "../../peers/durable/tree.js";
import type { TaskGraph } from "../../workloads/task-graph.js";

/** A contender with all that decides how durable it is; a row of the tables. */
export interface Row {
  readonly title: string;
  readonly contender: DurableContenderName;
  readonly store: StoreKind;
  readonly durability: Durability;
  readonly commit: Commit;
  /** When what is acknowledged is flushed to the disk. */
  readonly fsync: string;
  /** What travels between processes. */
  readonly hops: string;
  /** Which graphs it can execute. @defaultValue all */
  readonly canExecute?: (graph: TaskGraph) => boolean;
}

type Kind = Pick<Row, "contender" | "store" | "hops" | "canExecute"> & { readonly name: string };

const jobs: Kind = {
  name: "BullMQ jobs",
  contender: "bullmq-jobs",
  store: "redis",
  hops: "2 round trips a task to redis-server: add it; end it and take the next",
};
const flow: Kind = {
  name: "BullMQ flow",
  contender: "bullmq-flow",
  store: "redis",
  hops: "1 round trip a run and 1 a task to redis-server, 2 a task that reads others",
  canExecute: isTree,
};
const restate: Kind = {
  name: "Restate steps",
  contender: "restate",
  store: "own",
  hops: "1 round trip a run to restate-server, 1 a task from there to the service's process",
};

/** BullMQ adds a task after its inputs are stored, and Restate shows an output after it is stored: both are strict. */
function rowOf({ name, ...kind }: Kind, durability: Durability, fsync: string): Row {
  return { title: `${name}, ${fsync}`, ...kind, durability, commit: "strict", fsync };
}

const EVERYSEC = "AOF everysec";
const ALWAYS = "AOF always";

/** DataFlower at one setting. */
function ownRow(store: "lmdb" | "redis", durability: Durability, commit: Commit): Row {
  const fsync = store === "redis" ? (durability === "disk" ? ALWAYS : EVERYSEC) : durability === "disk" ? "fdatasync a commit" : "no fsync";
  const hops = store === "redis" ? "1 round trip a commit, shared by all that wait, to redis-server" : "none";
  return { title: `DataFlower, ${store}, ${commit}, ${fsync}`, contender: "dataflower", store, durability, commit, fsync, hops };
}

export const ROWS: readonly Row[] = [
  ownRow("lmdb", "process", "strict"),
  ownRow("lmdb", "process", "pipelined"),
  ownRow("lmdb", "disk", "strict"),
  ownRow("lmdb", "disk", "pipelined"),
  ownRow("redis", "process", "strict"),
  ownRow("redis", "process", "pipelined"),
  ownRow("redis", "disk", "strict"),
  rowOf(jobs, "process", EVERYSEC),
  rowOf(jobs, "disk", ALWAYS),
  rowOf(flow, "process", EVERYSEC),
  rowOf(flow, "disk", ALWAYS),
  rowOf(restate, "process", "no fsync"),
  rowOf(restate, "disk", "fsync a batch"),
];

export interface AvailableRows {
  readonly rows: readonly Row[];
  /** What is left out and why; those that begin with `SKIPPED` miss what they need. */
  readonly notices: readonly string[];
}

/**
 * The rows that can be measured here.
 *
 * @param folder where Restate was installed; without it, it is left out
 */
export function availableRows(folder: string | undefined, hasRedis: () => boolean = hasRedisServer): AvailableRows {
  const reasons: Record<StoreKind, string | undefined> = {
    redis: hasRedis() ? undefined : "SKIPPED what needs Redis: redis-server is not installed\n",
    own: reasonAgainstRestate(folder),
    lmdb: undefined,
  };
  const rows = ROWS.filter(({ store }) => reasons[store] === undefined);
  return { rows, notices: Object.values(reasons).flatMap((reason) => reason ?? []) };
}

function reasonAgainstRestate(folder: string | undefined): string | undefined {
  if (folder === undefined) return `Restate is measured with --restate FOLDER or DF_RESTATE=FOLDER, after: ${howToInstall("FOLDER")}\n`;
  return findRestate(folder) ? undefined : `SKIPPED Restate: it is not in the folder given. Install it there: ${howToInstall(folder)}\n`;
}
