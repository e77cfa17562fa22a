/**
 * What travels through the ready queue: the start of a run, or one ready task of a shared run. 64 words.
 *
 *   word  0      1     2      3         4      5         6-7        8-9       10-11    12    13      14      15       16          17     18       19-20
 *        ├ kind ┼ slot┼ epoch┼ workflow┼ order┼ priority┼ submitted┼ deadline┼ offered┼ home┼ ─┬─   ┼ ─┬─   ┼ attempt┼ id length ┼ fence┼ past ┼ rank ┤
 *                                                                                            │        │
 *                        start of a run: bytes of the input, arena block of the input (0 = inline) ───┤
 *                        task:           handle of its scope, instance ─────────────────────┘        │
 *   past: arena block of the control thread with what is known of the run's tasks from before; 0: nothing is
 *   word 21 … 63: the run's id (ASCII; length 0 = named by its order), then, word aligned, the inline input
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
const FENCE = 17;
const PAST = 18;
const RANK = 19;
const INLINE = 21;

const START_RUN = 1;
const RUN_TASK = 2;

/** What every ticket says of its run. */
export interface TicketRun {
  readonly slot: number;
  readonly epoch: number;
  readonly order: number;
  /** By the engine's scheduler. */
  readonly rank: number;
  readonly priority: number;
  readonly submittedAt: number;
  /** NaN: none. */
  readonly deadline: number;
  /** undefined: the run is named by its order. */
  readonly ownId: string | undefined;
  /** Grows with every home that the run is given. */
  readonly fence: number;
  /** Payload offset, in the control thread's arena, of what is known of the run's tasks from before; 0: nothing is. */
  readonly pastBlock: number;
}

/** Bytes of input that fit into a ticket beside the run's id. */
export function inlineBytes(ownId: string | undefined): number {
  return (ticketWords - INLINE - idWords(ownId?.length ?? 0)) * 4;
}

function idWords(length: number): number {
  return (length + 3) >> 2;
}

/** Writes tickets into reserved cells of the queue. */
export class TicketWriter {
  readonly #ints: Int32Array;
  readonly #bytes: Uint8Array;

  /** @param ints all words of the queue's region */
  constructor(ints: Int32Array) {
    this.#ints = ints;
    this.#bytes = new Uint8Array(ints.buffer, ints.byteOffset, ints.byteLength);
  }

  /**
   * The start of a run, at word `at`.
   *
   * @param input the encoded input; copied into the ticket unless `inputBlock` (a payload offset in the control thread's arena) is given
   */
  start(at: number, run: TicketRun, workflow: number, input: Uint8Array, inputBlock: number): void {
    const ints = this.#ints;
    this.#run(at, run, workflow);
    ints[at + KIND] = START_RUN;
    ints[at + INPUT_BYTES] = input.length;
    ints[at + INPUT_BLOCK] = inputBlock;
    if (inputBlock !== 0) return;
    const from = (at + INLINE + idWords(run.ownId?.length ?? 0)) * 4;
    for (let index = 0; index < input.length; index++) this.#bytes[from + index] = input[index] as number;
  }

  /** A ready task, at word `at`. */
  task(at: number, run: TicketRun, workflow: number, place: TaskPlace): void {
    const ints = this.#ints;
    this.#run(at, run, workflow);
    ints[at + KIND] = RUN_TASK;
    ints[at + HOME] = place.home;
    ints[at + SCOPE] = place.scope;
    ints[at + INSTANCE] = place.instance;
    ints[at + ATTEMPT] = place.attempt;
    writeDouble(ints, at + OFFERED_AT, place.offeredAt);
  }

  #run(at: number, run: TicketRun, workflow: number): void {
    const ints = this.#ints;
    const { ownId } = run;
    ints[at + SLOT] = run.slot;
    ints[at + EPOCH] = run.epoch;
    ints[at + WORKFLOW] = workflow;
    ints[at + ORDER] = run.order;
    ints[at + PRIORITY] = run.priority;
    writeDouble(ints, at + RANK, run.rank);
    writeDouble(ints, at + SUBMITTED_AT, run.submittedAt);
    writeDouble(ints, at + DEADLINE, run.deadline);
    ints[at + ID_BYTES] = ownId?.length ?? 0;
    ints[at + FENCE] = run.fence;
    ints[at + PAST] = run.pastBlock;
    if (ownId === undefined) return;
    for (let index = 0; index < ownId.length; index++) this.#bytes[(at + INLINE) * 4 + index] = ownId.charCodeAt(index);
  }
}

/** Where a ready task of a shared run stands. */
export interface TaskPlace {
  /** Worker. */
  readonly home: number;
  /** Handle of the scope's block. */
  readonly scope: number;
  readonly instance: number;
  readonly attempt: number;
  readonly offeredAt: number;
}

/** Reads tickets out of taken cells without making an object for each: `at` says where, the members tell of it. */
export class TicketReader implements TicketRun, TaskPlace {
  readonly #ints: Int32Array;
  /** First word of the ticket. */
  at = 0;

  /** @param ints all words of the queue's region */
  constructor(ints: Int32Array) {
    this.#ints = ints;
  }

  /** Whether it starts a run; otherwise it is a task. */
  get isStart(): boolean {
    return this.#word(KIND) === START_RUN;
  }

  get slot(): number {
    return this.#word(SLOT);
  }

  get epoch(): number {
    return this.#word(EPOCH);
  }

  get workflow(): number {
    return this.#word(WORKFLOW);
  }

  get order(): number {
    return this.#word(ORDER);
  }

  get priority(): number {
    return this.#word(PRIORITY);
  }

  get rank(): number {
    return readDouble(this.#ints, this.at + RANK);
  }

  get submittedAt(): number {
    return readDouble(this.#ints, this.at + SUBMITTED_AT);
  }

  get deadline(): number {
    return readDouble(this.#ints, this.at + DEADLINE);
  }

  get fence(): number {
    return this.#word(FENCE);
  }

  get pastBlock(): number {
    return this.#word(PAST);
  }

  get ownId(): string | undefined {
    const length = this.#word(ID_BYTES);
    if (length === 0) return undefined;
    const { buffer, byteOffset } = this.#ints;
    return String.fromCharCode(...new Uint8Array(buffer, byteOffset + (this.at + INLINE) * 4, length));
  }

  /** Start: bytes of the encoded input. */
  get inputBytes(): number {
    return this.#word(INPUT_BYTES);
  }

  /** Start: payload offset of the input in the control thread's arena; 0: it stands in the ticket. */
  get inputBlock(): number {
    return this.#word(INPUT_BLOCK);
  }

  /** Start: first word of an input that stands in the ticket. */
  get inputWord(): number {
    return this.at + INLINE + idWords(this.#word(ID_BYTES));
  }

  get home(): number {
    return this.#word(HOME);
  }

  get scope(): number {
    return this.#word(SCOPE);
  }

  get instance(): number {
    return this.#word(INSTANCE);
  }

  get attempt(): number {
    return this.#word(ATTEMPT);
  }

  get offeredAt(): number {
    return readDouble(this.#ints, this.at + OFFERED_AT);
  }

  #word(word: number): number {
    return this.#ints[this.at + word] as number;
  }
}
