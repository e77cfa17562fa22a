/**
 * What travels through the ready queue: the start of a run, or one ready task of a shared run. 64 words.
 *
 *   word  0      1     2      3         4      5         6-7        8-9       10-11    12    13      14      15       16
 *        ├ kind ┼ slot┼ epoch┼ workflow┼ order┼ priority┼ submitted┼ deadline┼ offered┼ home┼ ─┬─   ┼ ─┬─   ┼ attempt┼ id length ┤
 *                                                                                            │        │
 *                        start of a run: bytes of the input, arena block of the input (0 = inline) ───┤
 *                        task:           handle of its scope, instance ─────────────────────┘        │
 *   word 17 … 63: the run's id (ASCII; length 0 = named by its order), then, word aligned, the inline input
 *
 * Written by the producer before publish(), read by the taker between take() and done(): the queue's own atomics order the two.
 */

import { readDouble, writeDouble } from "./double-words.js";

export const ticketWords = 64;

const KIND = 0;
const SLOT = 1;
const EPOCH = 2;
const WORKFLOW = 3;
const ORDER = 4;
const PRIORITY = 5;
const SUBMITTED_AT = 6;
const DEADLINE = 8;
const OFFERED_AT = 10;
const HOME = 12;
const INPUT_BYTES = 13;
const SCOPE = 13;
const INPUT_BLOCK = 14;
const INSTANCE = 14;
const ATTEMPT = 15;
const ID_BYTES = 16;
const INLINE = 17;

const START_RUN = 1;
const RUN_TASK = 2;

/** What every ticket says of its run. `runId` is undefined when the run is named by its order. */
export interface TicketRun {
  readonly slot: number;
  readonly epoch: number;
  readonly workflow: number;
  readonly order: number;
  readonly priority: number;
  readonly submittedAt: number;
  /** NaN: none. */
  readonly deadline: number;
  readonly runId: string | undefined;
}

export interface StartTicket {
  readonly kind: "start";
  readonly run: TicketRun;
  readonly inputBytes: number;
  /** Payload offset in the control thread's arena; 0: the input stands in the ticket, at `inlineWord`. */
  readonly inputBlock: number;
  readonly inlineWord: number;
}

export interface TaskTicket {
  readonly kind: "task";
  readonly run: TicketRun;
  readonly home: number;
  readonly scope: number;
  readonly instance: number;
  readonly attempt: number;
  readonly offeredAt: number;
}

/** Bytes of input that fit into a ticket beside the run's id. */
export function inlineBytes(runId: string | undefined): number {
  return (ticketWords - INLINE - idWords(runId?.length ?? 0)) * 4;
}

function idWords(length: number): number {
  return (length + 3) >> 2;
}

function writeRun(ints: Int32Array, bytes: Uint8Array, at: number, run: TicketRun): void {
  ints[at + SLOT] = run.slot;
  ints[at + EPOCH] = run.epoch;
  ints[at + WORKFLOW] = run.workflow;
  ints[at + ORDER] = run.order;
  ints[at + PRIORITY] = run.priority;
  writeDouble(ints, at + SUBMITTED_AT, run.submittedAt);
  writeDouble(ints, at + DEADLINE, run.deadline);
  const { runId } = run;
  ints[at + ID_BYTES] = runId?.length ?? 0;
  if (runId === undefined) return;
  for (let index = 0; index < runId.length; index++) bytes[(at + INLINE) * 4 + index] = runId.charCodeAt(index);
}

function readRun(ints: Int32Array, bytes: Uint8Array, at: number): TicketRun {
  const idBytes = ints[at + ID_BYTES] as number;
  const from = (at + INLINE) * 4;
  return {
    slot: ints[at + SLOT] as number,
    epoch: ints[at + EPOCH] as number,
    workflow: ints[at + WORKFLOW] as number,
    order: ints[at + ORDER] as number,
    priority: ints[at + PRIORITY] as number,
    submittedAt: readDouble(ints, at + SUBMITTED_AT),
    deadline: readDouble(ints, at + DEADLINE),
    runId: idBytes === 0 ? undefined : String.fromCharCode(...bytes.subarray(from, from + idBytes)),
  };
}

/** Writes the start of a run into a reserved cell. `inline` is copied into the ticket; give it or a block, not both. */
export function writeStart(
  ints: Int32Array,
  bytes: Uint8Array,
  at: number,
  run: TicketRun,
  inputBytes: number,
  inputBlock: number,
): number {
  writeRun(ints, bytes, at, run);
  ints[at + KIND] = START_RUN;
  ints[at + INPUT_BYTES] = inputBytes;
  ints[at + INPUT_BLOCK] = inputBlock;
  return at + INLINE + idWords(run.runId?.length ?? 0);
}

export interface TaskPlace {
  readonly home: number;
  readonly scope: number;
  readonly instance: number;
  readonly attempt: number;
  readonly offeredAt: number;
}

/** Writes a ready task into a reserved cell. */
export function writeTask(ints: Int32Array, bytes: Uint8Array, at: number, run: TicketRun, place: TaskPlace): void {
  writeRun(ints, bytes, at, run);
  ints[at + KIND] = RUN_TASK;
  ints[at + HOME] = place.home;
  ints[at + SCOPE] = place.scope;
  ints[at + INSTANCE] = place.instance;
  ints[at + ATTEMPT] = place.attempt;
  writeDouble(ints, at + OFFERED_AT, place.offeredAt);
}

/** Reads a taken cell. */
export function readTicket(ints: Int32Array, bytes: Uint8Array, at: number): StartTicket | TaskTicket {
  const run = readRun(ints, bytes, at);
  if (ints[at + KIND] === START_RUN) {
    return {
      kind: "start",
      run,
      inputBytes: ints[at + INPUT_BYTES] as number,
      inputBlock: ints[at + INPUT_BLOCK] as number,
      inlineWord: at + INLINE + idWords(run.runId?.length ?? 0),
    };
  }
  return {
    kind: "task",
    run,
    home: ints[at + HOME] as number,
    scope: ints[at + SCOPE] as number,
    instance: ints[at + INSTANCE] as number,
    attempt: ints[at + ATTEMPT] as number,
    offeredAt: readDouble(ints, at + OFFERED_AT),
  };
}
