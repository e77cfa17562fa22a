import { beforeEach, describe, expect, test } from "vitest";
import { createRegions, openRegions, planRegions, type Regions } from "../memory/regions.js";
import type { RingConsumer } from "../memory/ring-consumer.js";
import { type Command, decodeCommand, GIVE_UP, LET_GO } from "../worker/command-frame.js";
import { ticketWords } from "../worker/ticket.js";
import { Retirement } from "./retirement.js";

const workers = 3;
const slot = 2;

let regions: Regions;
let commands: RingConsumer[];
let rung: number[];
let free: number[];
let retirement: Retirement;
let epoch: number;

beforeEach(() => {
  const plan = planRegions({
    workers,
    queueCapacity: 16,
    cellsPerProducer: 4,
    cellWords: ticketWords,
    ringBytes: 1024,
    arenaBytes: 65_536,
    runSlots: 64,
  });
  regions = openRegions(createRegions(plan), plan);
  commands = [0, 1, 2].map((worker) => regions.ring(plan.control, worker).claimConsumer());
  rung = [];
  free = [];
  retirement = new Retirement(regions, { ring: (worker) => rung.push(worker) }, (freed) => free.push(freed));
  epoch = regions.runs.open(slot, 1);
});

/** What a worker has been told since it was last asked. */
function told(worker: number): Command[] {
  const list: Command[] = [];
  const ring = commands[worker] as RingConsumer;
  for (let frame = ring.take(); frame !== undefined; frame = ring.take()) list.push(decodeCommand(frame));
  return list;
}

/** Takes the slot out of use, as the dispatch does. */
function retire(ended?: number): void {
  regions.runs.raise(slot);
  retirement.add(slot, epoch, ended);
}

describe("Retirement", () => {
  test("of a run that nobody has taken is over at once, and frees what the control thread keeps of it", () => {
    const arena = regions.arena(regions.plan.control);
    const owner = arena.claimOwner();
    owner.allocate(1000, slot);
    owner.allocate(2000, slot + 1);
    const before = arena.usedBytes();
    retire();
    retirement.sweep();
    expect([free, retirement.size]).toEqual([[slot], 0]);
    expect(before - arena.usedBytes()).toBeGreaterThanOrEqual(1000);
    expect(arena.usedBytes()).toBeGreaterThanOrEqual(2000);
  });

  test("asks those who touched the run, and nobody else, and waits for all of them", () => {
    regions.runs.touch(slot, 0);
    regions.runs.touch(slot, 2);
    retire();
    expect([told(0), told(1), told(2), rung]).toEqual([[{ kind: LET_GO, slot, epoch }], [], [{ kind: LET_GO, slot, epoch }], [0, 2]]);
    retirement.answered(0, slot, epoch);
    retirement.answered(0, slot, epoch); // it may say so twice
    retirement.answered(1, slot, epoch - 1); // of an earlier run
    retirement.sweep();
    expect(free).toEqual([]);
    retirement.answered(2, slot, epoch);
    retirement.sweep();
    expect(free).toEqual([slot]);
  });

  test("asks one that came in before the epoch was raised and noted itself afterwards", () => {
    expect(regions.runs.enter(slot, epoch, 1)).toBe(true);
    retire();
    expect(told(1)).toEqual([{ kind: LET_GO, slot, epoch }]); // it is inside
    retirement.answered(1, slot, epoch);
    retirement.sweep();
    expect(free).toEqual([]); // and still is
    regions.runs.leave(slot, 1);
    retirement.sweep();
    expect(free).toEqual([slot]);
  });

  test("asks the successor of a worker that has ended again, and only what was not answered", () => {
    regions.runs.touch(slot, 0);
    regions.runs.touch(slot, 1);
    retire();
    told(0);
    told(1);
    retirement.answered(1, slot, epoch);
    retirement.replaced(0);
    retirement.replaced(1);
    expect([told(0), told(1)]).toEqual([[{ kind: LET_GO, slot, epoch }], []]);
    retirement.answered(0, slot, epoch);
    retirement.sweep();
    expect(free).toEqual([slot]);
  });

  test("asks the successor of the worker whose end is the reason, as it has the arena", () => {
    retire(1);
    expect(told(1)).toEqual([{ kind: LET_GO, slot, epoch }]);
    retirement.sweep();
    expect(free).toEqual([]);
  });

  test("keeps what finds no room in the ring of a worker that does not look", () => {
    const epochs: number[] = [];
    for (let other = 0; other < 64; other++) {
      epochs.push(regions.runs.open(other, 1));
      regions.runs.touch(other, 0);
      regions.runs.raise(other);
      retirement.add(other, epochs[other] as number);
    }
    const received: Command[] = [];
    for (let turn = 0; turn < 10; turn++) {
      received.push(...told(0));
      retirement.sweep();
    }
    expect(received).toEqual(epochs.map((one, other) => ({ kind: LET_GO, slot: other, epoch: one })));
  });

  test("tells the guests of a failed run, and not its home, that nothing of it is wanted", () => {
    for (const worker of [0, 1]) regions.runs.touch(slot, worker);
    retirement.giveUpGuests(slot, epoch, 0);
    expect([told(0), told(1), told(2)]).toEqual([[], [{ kind: GIVE_UP, slot, epoch }], []]);
    expect(retirement.size).toBe(0);
  });
});
