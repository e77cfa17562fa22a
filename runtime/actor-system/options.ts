import { type MailboxOptions, resolveSpawnOptions } from "../../actors/local/spawn-settings.js";
import { refuseOption, requireInteger, requireOptions } from "../authoring/option-checks.js";
import { ringBytesMax } from "../memory/byte-ring-layout.js";
import { failureLines } from "./failure-lines.js";

export const workersMax = 64;
const ringBytesDefault = 256 * 1024;
const ringBytesMin = 4096;
/** Longest spin that may be asked for, in µs. */
const spinUsMax = 10_000;

export interface ActorSystemLimits {
  /** Heap of each worker, in MiB. Beyond it the worker's thread ends and is replaced. @defaultValue 512 */
  heapMbMax?: number;
  /** Threads that may end within 10 s. Beyond it the system closes with DF_POOL_UNHEALTHY. @defaultValue 5 */
  restartsMax?: number;
  /** Bytes of each ring between two threads, a power of two. A message larger than half of it goes by another way. @defaultValue 262,144 */
  ringBytes?: number;
}

export interface ActorSystemOptions {
  /** Worker threads, 0 to 64. With none, all actors live on the calling thread. @defaultValue 0 */
  workers?: number;
  /** Of actors that say nothing of their own. @defaultValue 1,048,576 messages, more are refused */
  mailbox?: MailboxOptions;
  /** How long an idle worker looks for messages before it sleeps, in µs, where a core is spare and recent spins paid; 0: never. @defaultValue 20 */
  spinUs?: number;
  /** Told of errors that ended an actor, or that nobody's supervision kept. @defaultValue a line on stderr each, 100 at most */
  onFailure?: (error: unknown, actor: string) => void;
  limits?: ActorSystemLimits;
}

export interface ResolvedActorSystemOptions {
  readonly workers: number;
  readonly mailbox: MailboxOptions | undefined;
  readonly spinUs: number;
  readonly onFailure: (error: unknown, actor: string) => void;
  readonly heapMbMax: number;
  readonly restartsMax: number;
  readonly ringBytes: number;
}

const optionNames: readonly string[] = ["workers", "mailbox", "spinUs", "onFailure", "limits"] satisfies (keyof ActorSystemOptions)[];
const limitNames: readonly string[] = ["heapMbMax", "restartsMax", "ringBytes"] satisfies (keyof ActorSystemLimits)[];

/** @throws DF_OPTION_INVALID */
export function resolveActorSystemOptions(given?: ActorSystemOptions): ResolvedActorSystemOptions {
  requireOptions("options", given, optionNames);
  const { workers = 0, mailbox, spinUs = 20, onFailure = failureLines(), limits = {} } = given ?? {};
  requireOptions("limits", limits, limitNames);
  const { heapMbMax = 512, restartsMax = 5, ringBytes = ringBytesDefault } = limits;
  resolveSpawnOptions({}, mailbox); // refuses what is wrong
  if (typeof onFailure !== "function") refuseOption("onFailure", "a function", onFailure);
  requireInteger("limits.ringBytes", ringBytes, { min: ringBytesMin, max: ringBytesMax });
  if ((ringBytes & (ringBytes - 1)) !== 0) refuseOption("limits.ringBytes", "a power of two", ringBytes);
  return {
    workers: requireInteger("workers", workers, { min: 0, max: workersMax }),
    mailbox,
    spinUs: requireInteger("spinUs", spinUs, { min: 0, max: spinUsMax }),
    onFailure,
    heapMbMax: requireInteger("limits.heapMbMax", heapMbMax, { min: 16, max: 1 << 20 }),
    restartsMax: requireInteger("limits.restartsMax", restartsMax, { min: 0, max: 1_000_000 }),
    ringBytes,
  };
}
