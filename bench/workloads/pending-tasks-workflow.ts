import { setImmediate } from "node:timers/promises";
import { type Ref, workflow } from "dataflower";

/**
 *     waiting            ┌─▶ pass ──┐            ready             ┌─▶ read ──┐
 *               read ────┼─▶ pass ──┼─▶ gather            pass ────┼─▶ pass ──┼─▶ gather
 *                        └─▶ pass ──┘                              └─▶ pass ──┘
 *
 * Graphs in which so many tasks have not started while one of them reads how much memory its thread takes:
 * `pending-tasks-workflow.js?stage=waiting&pending=100000`. Of the waiting ones the inputs do not exist yet; of the ready ones they do, but for
 * the last task's, and an engine with a concurrency of 1 starts none of them beside `read`.
 */
const query = new URL(import.meta.url).searchParams;
const stage: Stage = query.get("stage") === "ready" ? "ready" : "waiting";
const pending = Number(query.get("pending"));

/** What a thread, and its process, take of memory, in bytes. */
export interface Reading {
  /** Live objects of the thread, and what they hold outside of its heap. */
  readonly liveBytes: number;
  /** Of the whole process. */
  readonly residentBytes: number;
  /** Tasks that had passed when it was read: none of those that wait, and of the ready ones only what has made them ready. */
  readonly passed: number;
}

export type Stage = "waiting" | "ready";

/** Runs that must have arrived before the reading is made. */
export interface Gate {
  readonly runs: number;
}

/** A run's result: the reading, made once all runs had arrived, and how many tasks were pending behind it in this run. */
export interface Gathered {
  readonly reading: Reading;
  readonly pending: number;
}

export const pendingTasks = workflow({ name: `pending-${stage}-${pending}`, module: import.meta.url }, (flow, input: Ref<Gate>) => {
  if (stage === "waiting") {
    const reading = flow.task(read, { gate: input });
    const passed = Array.from({ length: pending - 1 }, () => flow.task(pass, reading));
    return flow.task(gather, { reading, passed });
  }
  const first = flow.task(pass, input);
  const reading = flow.task(read, { gate: input, first });
  const passed = Array.from({ length: pending - 1 }, () => flow.task(pass, first));
  return flow.task(gather, { reading, passed });
});

/** Where the runs of a thread meet. */
interface Meeting {
  arrived: number;
  /** Calls of `pass` so far. */
  passed: number;
  readonly reading: Promise<Reading>;
  end(reading: Reading): void;
}

/** What an object holds outside of the heap is let go of after the object, in another turn. */
const COLLECTIONS = 3;
let meeting = newMeeting();

function newMeeting(): Meeting {
  let end = (_: Reading): void => {};
  const reading = new Promise<Reading>((resolve) => {
    end = resolve;
  });
  return { arrived: 0, passed: 0, reading, end };
}

async function read({ gate }: { readonly gate: Gate; readonly first?: number }): Promise<Reading> {
  const mine = meeting;
  mine.arrived += 1;
  if (mine.arrived === gate.runs) {
    meeting = newMeeting();
    mine.end(await readMemory(mine));
  }
  return mine.reading;
}

/** @throws unless Node was started with `--expose-gc` */
async function readMemory({ passed }: Meeting): Promise<Reading> {
  if (gc === undefined) throw new Error("Cannot read the memory in use as Node must be started with --expose-gc");
  for (let pass = 0; pass < COLLECTIONS; pass++) {
    await setImmediate();
    gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { liveBytes: heapUsed + external, residentBytes: rss, passed };
}

function pass(_: unknown): number {
  meeting.passed += 1;
  return 1;
}

function gather({ reading, passed }: { readonly reading: Reading; readonly passed: readonly number[] }): Gathered {
  return { reading, pending: passed.reduce((sum, one) => sum + one, 1) };
}
