/**
 * What the environment says about failpoints: `name=action`, several separated by `;`, each name once.
 *
 * | action | what happens to whoever passes the point |
 * |---|---|
 * | `kill9` | its process is killed, as by `kill -9` |
 * | `throw` | it gets an error |
 * | `hang` | its thread blocks for ever |
 * | `delay:MS` | its thread blocks for so many milliseconds |
 * | `terminate-self` | its thread ends, at once and without a word; on the main thread that is the process |
 *
 * and at the points that frames pass on their way into a ring, these and no others:
 *
 * | action | what happens to the frame |
 * |---|---|
 * | `drop` | its sender has sent it, and it never arrives |
 * | `double` | it is sent once and arrives twice |
 *
 * `name=action@N` spares the passes before the N-th of each thread and those after it.
 */
import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Places at which a fault can be planted. */
export const failpointNames = [
  /** The acceptance of a run is durable; nothing of the run has been handed to a worker, and its caller does not know yet. */
  "run.persisted",
  /** A run has been accepted; its caller does not know yet. */
  "run.acked",
  /** Room in a ring belongs to a frame that is not written yet. */
  "ring.claimed",
  /** A frame lies in a ring, and its reader has not been rung. */
  "ring.published",
  /** A worker has taken a ticket, and nothing of it has begun. */
  "worker.taken",
  /** A handler has returned; nobody knows of its output. */
  "task.effect-done",
  /** The result of a run is encoded and not sent. */
  "result.encoded",
  /** The control thread has read the result of a run and told nobody. */
  "result.received",
  /** What a commit shall hold is put together, and none of it has been given to the store. */
  "ckpt.before",
  /** The store has taken a commit, as durable as was asked for; nobody has been told. */
  "ckpt.written",
  /** A commit is durable, and the control thread has told those who wait for it; nobody has acted on that yet. */
  "ckpt.acked",
  /** The successors of a task have been made ready, and the task is not over. */
  "successors.queued",
  /** A failed task waits for its next attempt. */
  "retry.scheduled",
  /** A run has ended for its caller; what it held has not been let go of. */
  "run.final",
  /** The lease of a journal is about to be renewed. */
  "lease.renew",
  /** Some of the unfinished runs of a journal have been taken over, and others have not. */
  "recovery.mid",
] as const;

/** Places at which a frame can be lost on its way. */
export const framePointNames = [
  /** What a guest tells a run's home. */
  "report.sent",
  /** What a worker tells the control thread: the end of a run, or that it has let go of one. */
  "result.sent",
  /** What the control thread tells a worker. */
  "command.sent",
] as const;

export type FailpointName = (typeof failpointNames)[number];
export type FramePointName = (typeof framePointNames)[number];

export type FailpointAction =
  | { readonly kind: "kill9" | "throw" | "hang" | "terminate-self" }
  | { readonly kind: "delay"; readonly delayMs: number };
export type FrameAction = { readonly kind: "drop" | "double" };

export interface PlannedFault<Action> {
  readonly action: Action;
  /** The one pass that it happens at, counted from 1 in each thread; undefined: at every one. */
  readonly pass: number | undefined;
}

export interface FailpointPlan {
  readonly points: ReadonlyMap<FailpointName, PlannedFault<FailpointAction>>;
  readonly framePoints: ReadonlyMap<FramePointName, PlannedFault<FrameAction>>;
}

/** Longest delay: a test that waits longer hangs. */
const delayMsMax = 60_000;

/** @throws DF_OPTION_INVALID if a name or an action is unknown, or a name comes twice: a fault that is not planted proves nothing */
export function readFailpointPlan(text: string): FailpointPlan {
  const points = new Map<FailpointName, PlannedFault<FailpointAction>>();
  const framePoints = new Map<FramePointName, PlannedFault<FrameAction>>();
  for (const entry of text.split(";").map((part) => part.trim())) {
    if (entry === "") continue;
    const [, name, action = "", at] = /^([^=]*)=([^@]*)(?:@(.*))?$/.exec(entry) ?? [];
    const pass = at === undefined ? undefined : readCount(at, entry);
    if (isOneOf(failpointNames, name)) plant(points, name, { action: readAction(action, entry), pass }, entry);
    else if (isOneOf(framePointNames, name)) plant(framePoints, name, { action: readFrameAction(action, entry), pass }, entry);
    else refuse("a known name, =, and an action", entry);
  }
  return { points, framePoints };
}

function plant<Name, Action>(plan: Map<Name, PlannedFault<Action>>, name: Name, fault: PlannedFault<Action>, entry: string): void {
  if (plan.has(name)) refuse("one action for each name", entry);
  plan.set(name, fault);
}

function isOneOf<Name extends string>(names: readonly Name[], name: string | undefined): name is Name {
  return names.some((known) => known === name);
}

function readFrameAction(text: string, entry: string): FrameAction {
  if (text !== "drop" && text !== "double") refuse("the action drop or double, where it is a frame's,", entry);
  return { kind: text };
}

function readAction(text: string, entry: string): FailpointAction {
  if (text === "kill9" || text === "throw" || text === "hang" || text === "terminate-self") return { kind: text };
  const delayMs = /^delay:(\d{1,5})$/.exec(text)?.[1];
  if (delayMs === undefined || Number(delayMs) > delayMsMax) {
    refuse(`the action kill9, throw, hang, terminate-self, or delay:MS up to ${delayMsMax}`, entry);
  }
  return { kind: "delay", delayMs: Number(delayMs) };
}

function readCount(text: string, entry: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) refuse("the number of a pass, from 1, after @", entry);
  return Number(text);
}

function refuse(rule: string, found: string): never {
  throw new DataFlowerError(
    "DF_OPTION_INVALID",
    `Cannot plant DF_FAILPOINTS as each entry must have ${rule}: found ${JSON.stringify(found)}`,
  );
}
