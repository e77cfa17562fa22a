/**
 * For tests: one thread of a stress test (stress.test.ts), which plays one part on shared memory and posts what it saw.
 *
 * Every wait ends by the other side's progress alone, so what is lost shows as a test that does not end.
 */

import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import { assert } from "../../actors/kernel/assert.js";
import { ByteRing } from "./byte-ring.js";
import { Doorbells } from "./doorbell.js";
import { PayloadArena } from "./payload-arena.js";
import { ReadyQueue, type ReadyQueueConsumer, type ReadyQueueLayout, type ReadyQueueProducer } from "./ready-queue.js";
import { type Amounts, Reservations } from "./reservations.js";

export type StressPart =
  | { part: "offer"; queue: SharedArrayBuffer; layout: ReadyQueueLayout; thread: number; tickets: number }
  | { part: "take"; queue: SharedArrayBuffer; layout: ReadyQueueLayout; thread: number; tickets: number; taken: SharedArrayBuffer }
  | { part: "circulate"; queue: SharedArrayBuffer; layout: ReadyQueueLayout; thread: number; started: SharedArrayBuffer }
  | { part: "write frames"; ring: SharedArrayBuffer; ringBytes: number; frames: number }
  | { part: "read frames"; ring: SharedArrayBuffer; ringBytes: number; frames: number }
  | { part: "allocate"; ring: SharedArrayBuffer; ringBytes: number; arena: SharedArrayBuffer; arenaBytes: number; payloads: number }
  | { part: "free"; ring: SharedArrayBuffer; ringBytes: number; arena: SharedArrayBuffer; arenaBytes: number; payloads: number }
  | {
      part: "reserve";
      reservations: SharedArrayBuffer;
      capacity: Amounts;
      me: number;
      others: number;
      inUse: SharedArrayBuffer;
      rounds: number;
    }
  | { part: "ping-pong"; bells: SharedArrayBuffer; counters: SharedArrayBuffer; me: 0 | 1; rounds: number; port: MessagePort };

/** What a part posts when it has ended. */
export interface StressResult {
  readonly checked: number;
  readonly faults: readonly string[];
}

/** Pseudo-random 32 bits that both sides compute from the same number. */
export function scramble(number: number): number {
  let bits = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

const triesBeforePause = 200;
const nap = new Int32Array(new SharedArrayBuffer(4));

/** Repeats until the answer is not undefined, and gives the core away now and then: there may be fewer cores than threads. */
function insist<T>(attempt: () => T | undefined): T {
  for (let tries = 1; ; tries++) {
    const result = attempt();
    if (result !== undefined) return result;
    if (tries % triesBeforePause === 0) Atomics.wait(nap, 0, 0, 0.05);
  }
}

class Findings {
  checked = 0;
  readonly faults: string[] = [];

  expect(isRight: boolean, claim: string): void {
    this.checked += 1;
    if (!isRight && this.faults.length < 10) this.faults.push(claim);
  }
}

function offerTickets({ queue, layout, thread, tickets }: Extract<StressPart, { part: "offer" }>): Findings {
  const view = new ReadyQueue(queue, 0, layout);
  const producer = view.claimProducer(thread);
  for (let ticket = 0; ticket < tickets; ticket++) {
    const cell = insist(() => valid(producer.reserve()));
    view.ints.set([thread, ticket, scramble(ticket + thread)], view.wordOf(cell));
    insist(() => producer.publish(cell) || undefined);
  }
  return new Findings();
}

function takeTickets({ queue, layout, thread, tickets, taken }: Extract<StressPart, { part: "take" }>): Findings {
  const view = new ReadyQueue(queue, 0, layout);
  const consumer = view.claimConsumer(thread);
  const takenCounts = new Int32Array(taken);
  const findings = new Findings();
  const last = new Int32Array(layout.threads).fill(-1);
  for (;;) {
    const cell = insist(() => valid(consumer.take()) ?? (Atomics.load(takenCounts, 0) === tickets ? -1 : undefined));
    if (cell < 0) return findings;
    const [from = 0, ticket = 0, check = 0] = view.ints.subarray(view.wordOf(cell), view.wordOf(cell) + 3);
    consumer.done(cell);
    findings.expect(check === scramble(ticket + from), `ticket ${ticket} of thread ${from} is whole`);
    findings.expect(ticket > (last[from] ?? 0), `ticket ${ticket} of thread ${from} comes after the ones before it`);
    last[from] = ticket;
    Atomics.add(takenCounts, 1 + from * tickets + ticket, 1);
    Atomics.add(takenCounts, 0, 1);
  }
}

/** Takes tickets and offers them again, for ever: to be terminated. A taken ticket is offered in a new cell before the old one is done. */
function circulate({ queue, layout, thread, started }: Extract<StressPart, { part: "circulate" }>): never {
  const view = new ReadyQueue(queue, 0, layout);
  const ends: [ReadyQueueProducer, ReadyQueueConsumer] = [view.claimProducer(thread), view.claimConsumer(thread)];
  Atomics.add(new Int32Array(started), 0, 1);
  for (;;) {
    const taken = insist(() => valid(ends[1].take()));
    const cell = insist(() => valid(ends[0].reserve()));
    view.ints.copyWithin(view.wordOf(cell), view.wordOf(taken), view.wordOf(taken) + 3);
    insist(() => ends[0].publish(cell) || undefined);
    ends[1].done(taken);
  }
}

const lengthOfFrame = (number: number, lengthMax: number): number => (scramble(number) >>> 8) % (lengthMax + 1);

function writeFrames({ ring, ringBytes, frames }: Extract<StressPart, { part: "write frames" }>): Findings {
  const view = new ByteRing(ring, 0, ringBytes);
  const producer = view.claimProducer();
  const source = new Uint8Array(view.frameBytesMax);
  for (let number = 0; number < frames; number++) {
    const frame = source.subarray(0, lengthOfFrame(number, view.frameBytesMax)).fill(scramble(number) & 0xff);
    insist(() => producer.offer(frame) || undefined);
  }
  return new Findings();
}

function readFrames({ ring, ringBytes, frames }: Extract<StressPart, { part: "read frames" }>): Findings {
  const view = new ByteRing(ring, 0, ringBytes);
  const consumer = view.claimConsumer();
  const findings = new Findings();
  for (let number = 0; number < frames; number++) {
    const frame = insist(() => consumer.take());
    const fill = scramble(number) & 0xff;
    findings.expect(frame.length === lengthOfFrame(number, view.frameBytesMax), `frame ${number} has its length`);
    findings.expect(
      frame.every((byte) => byte === fill),
      `frame ${number} has its bytes`,
    );
  }
  return findings;
}

function allocatePayloads({ ring, ringBytes, arena, arenaBytes, payloads }: Extract<StressPart, { part: "allocate" }>): Findings {
  const heap = new PayloadArena(arena, 0, arenaBytes);
  const owner = heap.claimOwner();
  const producer = new ByteRing(ring, 0, ringBytes).claimProducer();
  const name = new Int32Array(1);
  for (let number = 0; number < payloads; number++) {
    const byteLength = lengthOfFrame(number, 2000);
    const block = insist(() => valid(owner.allocate(byteLength, number)));
    heap.bytes.fill(scramble(number) & 0xff, block, block + byteLength);
    name[0] = block;
    insist(() => producer.offer(new Uint8Array(name.buffer)) || undefined);
  }
  return new Findings();
}

/** Keeps some blocks for a while, and frees them in another order than they came in. */
function freePayloads({ ring, ringBytes, arena, arenaBytes, payloads }: Extract<StressPart, { part: "free" }>): Findings {
  const heap = new PayloadArena(arena, 0, arenaBytes);
  const consumer = new ByteRing(ring, 0, ringBytes).claimConsumer();
  const findings = new Findings();
  const kept: { number: number; block: number }[] = [];
  const release = (at: number) => {
    for (const { number, block } of kept.splice(at, 1)) {
      const bytes = heap.bytes.subarray(block, block + heap.lengthOf(block));
      const fill = scramble(number) & 0xff;
      findings.expect(bytes.length === lengthOfFrame(number, 2000), `payload ${number} has its length`);
      findings.expect(
        bytes.every((byte) => byte === fill),
        `payload ${number} has its bytes`,
      );
      heap.free(block);
    }
  };
  for (let number = 0; number < payloads; number++) {
    const frame = insist(() => consumer.take());
    kept.push({ number, block: new Int32Array(frame.buffer, frame.byteOffset, 1)[0] ?? 0 });
    if (kept.length > 8) release((scramble(number) >>> 1) % kept.length);
  }
  while (kept.length > 0) release(0);
  findings.expect(heap.usedBytes() === 0, "all blocks are free in the end");
  return findings;
}

/** Words that the threads which reserve share: what is in use, and a bell each. */
const CPUS_IN_USE = 0;
const MEMORY_IN_USE = 1;
const BELLS = 2;
/** Longest use in steps of dawdling. */
const useStepsMax = 400;

/** Reserves and gives back; now and then it gives up instead of waiting. It sleeps until it is woken, and by nothing else. */
function reserve({ reservations, capacity, me, others, inUse, rounds }: Extract<StressPart, { part: "reserve" }>): Findings {
  const words = new Int32Array(inUse);
  const findings = new Findings();
  const ring = (worker: number): void => {
    Atomics.add(words, BELLS + worker, 1);
    Atomics.notify(words, BELLS + worker);
  };
  const share = new Reservations(reservations, 0, 1 + others).claimShare(me, capacity, ring);
  for (let round = 0; round < rounds; round++) {
    const chance = scramble(round + me * rounds) >>> 1;
    const [cpus, memory] = [chance % (capacity.cpus + 1), (chance >>> 8) % (capacity.memory + 1)];
    for (let tries = 1; ; tries++) {
      const seen = Atomics.load(words, BELLS + me);
      if (share.reserve(cpus, memory)) {
        const isRight = [
          Atomics.add(words, CPUS_IN_USE, cpus) + cpus <= capacity.cpus,
          Atomics.add(words, MEMORY_IN_USE, memory) + memory <= capacity.memory,
        ].every(Boolean);
        findings.expect(isRight, `${cpus} and ${memory} of round ${round} fit beside what is in use`);
        for (let steps = (chance >>> 16) % useStepsMax; steps > 0; steps--) Atomics.load(nap, 0);
        Atomics.sub(words, CPUS_IN_USE, cpus);
        Atomics.sub(words, MEMORY_IN_USE, memory);
        share.release(cpus, memory);
        break;
      }
      if (tries % 5 === chance % 5) {
        share.withdraw();
        break;
      }
      Atomics.wait(words, BELLS + me, seen);
    }
  }
  return findings;
}

const dawdleStepsMax = 8_000;

/** Passes some microseconds, about as many as the other side needs to wake and ring: so that rings fall between look and sleep. */
function dawdle(number: number): void {
  for (let steps = (scramble(number) >>> 1) % dawdleStepsMax; steps > 0; steps--) Atomics.load(nap, 0);
}

/** Each side's counter follows the other's. A side that finds nothing to do sleeps in its event loop, and is woken by a message only. */
function pingPong({ bells, counters, me, rounds, port }: Extract<StressPart, { part: "ping-pong" }>): void {
  const doorbells = new Doorbells(bells, 0, 2);
  const words = new Int32Array(counters);
  const other = 1 - me;
  const findings = new Findings();
  const playOn = () => {
    doorbells.wakeUp(me);
    for (;;) {
      const seen = doorbells.events(me);
      const mine = Atomics.load(words, me);
      if (mine === rounds) {
        post(findings);
        port.unref(); // it stays open: the other side may still ring
        return;
      }
      const isMyTurn = Atomics.load(words, other) === mine + (me === 0 ? 0 : 1);
      if (isMyTurn) {
        findings.expect(true, "a turn");
        Atomics.store(words, me, mine + 1);
        if (doorbells.ring(other)) port.postMessage(0);
        continue;
      }
      dawdle(mine);
      if (doorbells.fallAsleep(me, seen)) return;
    }
  };
  port.on("message", playOn);
  playOn();
}

const valid = (index: number): number | undefined => (index < 0 ? undefined : index);

function post(findings: Findings): void {
  parentPort?.postMessage({ checked: findings.checked, faults: findings.faults } satisfies StressResult);
}

/** Plays the part; undefined when it goes on and posts by itself. */
function play(part: StressPart): Findings | undefined {
  switch (part.part) {
    case "offer":
      return offerTickets(part);
    case "take":
      return takeTickets(part);
    case "circulate":
      return circulate(part);
    case "write frames":
      return writeFrames(part);
    case "read frames":
      return readFrames(part);
    case "allocate":
      return allocatePayloads(part);
    case "free":
      return freePayloads(part);
    case "reserve":
      return reserve(part);
    case "ping-pong":
      pingPong(part);
      return undefined;
  }
}

// Types and scramble() are imported by the test; the part is played in a thread only.
if (!isMainThread && workerData?.part !== undefined) {
  assert(parentPort !== null, "a part is played in a worker thread");
  const findings = play(workerData as StressPart); // the test that starts this thread gives it nothing else
  if (findings !== undefined) post(findings);
}
