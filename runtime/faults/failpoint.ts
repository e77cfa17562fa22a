/**
 * Faults on purpose, at named places, for tests that look at what is left afterwards.
 *
 * Nothing can happen unless NODE_ENV is `test` and DF_FAILPOINTS says what shall (see failpoint-plan.ts), both when this module is
 * loaded; otherwise a point costs the call of a function that does nothing. Worker threads inherit the environment, so every thread of
 * the process has the same plan, and counts its own passes.
 *
 * DF_FAILPOINTS_DIR names a folder for proofs: before a point fires, a file of its name is made there, with who fired it. A point whose
 * file exists does not fire again, in any thread or later process that is given the same folder: so a test can kill a process at a
 * point and start another one under the same environment. Without the folder a point fires at every pass that its plan names.
 */
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { type FailpointAction, type FailpointName, type FramePointName, type PlannedFault, readFailpointPlan } from "./failpoint-plan.js";

const { NODE_ENV, DF_FAILPOINTS, DF_FAILPOINTS_DIR } = process.env;
const plan = NODE_ENV === "test" && DF_FAILPOINTS !== undefined ? readFailpointPlan(DF_FAILPOINTS) : undefined;
if (plan !== undefined && DF_FAILPOINTS_DIR !== undefined) requireFolder(DF_FAILPOINTS_DIR);

const due = plan === undefined ? undefined : firing(plan.points);

/** Marks a place at which a test may plant a fault. May throw, block, or not return, when one is planted there. */
export const failpoint: (name: FailpointName) => void =
  due === undefined
    ? Object.freeze(() => {})
    : (name) => {
        const action = due(name);
        if (action !== undefined) act(name, action);
      };

/** What becomes of the frame that passes this point, if anything but the usual; undefined where nothing is planted anywhere. */
export const frameFault: ((name: FramePointName) => "drop" | "double" | undefined) | undefined = frameFaults();

function frameFaults(): typeof frameFault {
  if (plan === undefined || plan.framePoints.size === 0) return undefined;
  const dueForFrame = firing(plan.framePoints);
  return (name) => dueForFrame(name)?.kind;
}

/** Counts the passes of this thread, and answers what is planted at the one that begins. */
function firing<Name extends string, Action>(planned: ReadonlyMap<Name, PlannedFault<Action>>): (name: Name) => Action | undefined {
  const passes = new Map<Name, number>();
  return (name) => {
    const fault = planned.get(name);
    if (fault === undefined) return undefined;
    const pass = (passes.get(name) ?? 0) + 1;
    passes.set(name, pass);
    if (fault.pass !== undefined && fault.pass !== pass) return undefined;
    if (DF_FAILPOINTS_DIR !== undefined && !isFirstToFire(join(DF_FAILPOINTS_DIR, name), pass)) return undefined;
    return fault.action;
  };
}

/** Whoever makes the file fires the point: the system lets one thread of one process do that. */
function isFirstToFire(proof: string, pass: number): boolean {
  try {
    writeFileSync(proof, `${JSON.stringify({ pid: process.pid, thread: threadId, pass })}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function act(name: FailpointName, action: FailpointAction): void {
  if (action.kind === "throw") throw new Error(`Failpoint ${name} was told to throw`);
  if (action.kind === "terminate-self") process.exit(1);
  if (action.kind === "kill9") process.kill(process.pid, "SIGKILL");
  // A signal may come a moment later, and nothing may happen in between.
  block(action.kind === "delay" ? action.delayMs : Number.POSITIVE_INFINITY);
}

/** Blocks the thread, as a task that never lets go of it does. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function requireFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot use DF_FAILPOINTS_DIR as it must name a folder: found ${JSON.stringify(path)}`);
}
