import { describe, expect, test } from "vitest";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import { RunTable } from "./run-table.js";
import { SwitchedWords } from "./switched-words.fixture.js";
import { AtomicWords } from "./words.js";

const slots = 3;
const threads = 2;

function open() {
  const buffer = new SharedArrayBuffer(RunTable.bytes(slots, threads));
  const view = () => new RunTable(buffer, 0, slots, threads);
  const words = new SwitchedWords(new AtomicWords(new Int32Array(buffer)));
  return { words, user: new RunTable(buffer, 0, slots, threads, words), supervisor: view(), ints: new Int32Array(buffer) };
}

describe("RunTable", () => {
  test("open() gives a fresh epoch, no home, no block and the workflow", () => {
    const { user } = open();
    const first = user.open(1, 7);
    user.setHome(1, 0);
    user.setBlock(1, 4711);
    expect([user.home(1), user.block(1), user.workflow(1)]).toEqual([0, 4711, 7]);
    const second = user.open(1, 8);
    expect(second).not.toBe(first);
    expect([user.home(1), user.block(1), user.workflow(1), user.epoch(1)]).toEqual([-1, 0, 8, second]);
    expect([user.home(0), user.epoch(0), user.epoch(2)]).toEqual([-1, 0, 0]);
  });

  test("raise() makes earlier epochs stale, in every view", () => {
    const { user, supervisor } = open();
    const epoch = user.open(0, 1);
    expect([supervisor.isCurrent(0, epoch), supervisor.enter(0, epoch, 1)]).toEqual([true, true]);
    const next = supervisor.raise(0);
    expect([user.isCurrent(0, epoch), user.isCurrent(0, next)]).toEqual([false, true]);
    expect([user.enter(0, epoch, 0), user.enter(0, next, 0)]).toEqual([false, true]);
  });

  test("epochs wrap through the sign and through 0", () => {
    for (const start of [2 ** 31 - 100, -100]) {
      const { user, ints } = open();
      ints[0] = start;
      const seen = new Set<number>();
      for (let round = 0; round < 200; round++) {
        const epoch = user.raise(0);
        expect([user.isCurrent(0, epoch), user.enter(0, epoch, 0), user.enter(0, (epoch - 1) | 0, 0)]).toEqual([true, true, false]);
        seen.add(epoch);
      }
      expect(seen.size).toBe(200);
    }
  });

  test("hasUsers() counts each thread's entries until it has left as often", () => {
    const { user, supervisor } = open();
    const epoch = user.open(2, 1);
    user.enter(2, epoch, 0);
    user.enter(2, epoch, 0);
    supervisor.enter(2, epoch, 1);
    user.leave(2, 0);
    supervisor.leave(2, 1);
    expect([supervisor.hasUsers(2), supervisor.hasUsers(1)]).toEqual([true, false]);
    user.leave(2, 0);
    expect(supervisor.hasUsers(2)).toBe(false);
    expect(() => user.leave(2, 0)).toThrow("has entered");
  });

  test("after raise() and no users, nobody is inside and nobody comes in, wherever that cuts into enter()", () => {
    const outcomes = new Set<string>();
    for (let access = 1, wasCut = true; wasCut; access++) {
      const { user, supervisor, words } = open();
      const epoch = user.open(0, 1);
      let mayFree = false;
      const cut = new InterruptedWords(words.target, access, () => {
        supervisor.raise(0);
        mayFree = !supervisor.hasUsers(0);
      });
      words.target = cut;
      const isInside = user.enter(0, epoch, 0);
      expect(isInside && mayFree).toBe(false);
      expect(supervisor.hasUsers(0)).toBe(isInside);
      if (cut.wasInterrupted) outcomes.add(isInside ? "inside" : mayFree ? "freed" : "neither");
      wasCut = cut.wasInterrupted;
    }
    expect(outcomes).toContain("freed");
  });

  test("a user that leaves while it is asked for is seen, or is gone", () => {
    for (let access = 1, wasCut = true; wasCut; access++) {
      const { user, supervisor, words } = open();
      const epoch = supervisor.open(0, 1);
      supervisor.enter(0, epoch, 1);
      let isInside = true;
      const cut = new InterruptedWords(words.target, access, () => {
        supervisor.leave(0, 1);
        isInside = false;
      });
      words.target = cut;
      user.raise(0);
      const hasUsers = user.hasUsers(0);
      expect(isInside && !hasUsers).toBe(false);
      wasCut = cut.wasInterrupted;
    }
  });

  for (const when of ["before", "after"] as const) {
    test(`a user that ends ${when} any access of enter() or leave() is inside no run after its repair`, () => {
      for (let access = 1, died = true; died; access++) {
        const { user, supervisor, words } = open();
        const epoch = supervisor.open(1, 1);
        supervisor.enter(1, epoch, 1);
        words.target = new DyingWords(words.target, access, when);
        died = dies(() => {
          user.enter(1, epoch, 0);
          user.enter(1, (epoch - 1) | 0, 0);
          user.leave(1, 0);
        });
        supervisor.repair(0);
        expect(supervisor.hasUsers(1)).toBe(true); // thread 1 is alive, and still inside
        supervisor.leave(1, 1);
        expect(supervisor.hasUsers(1)).toBe(false);
        expect(supervisor.enter(1, epoch, 0)).toBe(true); // by thread 0's successor
      }
    });
  }

  test("knows who has been inside since the slot was opened, each worker for itself", () => {
    const many = 64;
    const buffer = new SharedArrayBuffer(RunTable.bytes(slots, many + 1));
    const table = new RunTable(buffer, 0, slots, many + 1);
    const touched = (slot: number) =>
      Array.from({ length: many }, (_, worker) => worker).filter((worker) => table.isTouchedBy(slot, worker));
    const epoch = table.open(1, 7);
    for (const worker of [0, 31, 32, 63, 31]) table.touch(1, worker);
    expect([touched(1), touched(0), touched(2)]).toEqual([[0, 31, 32, 63], [], []]);
    expect(table.enter(1, epoch, 5)).toBe(true); // not noted yet, but inside
    expect(touched(1)).toEqual([0, 5, 31, 32, 63]);
    table.leave(1, 5);
    expect(touched(1)).toEqual([0, 31, 32, 63]);
    table.open(1, 7);
    expect(touched(1)).toEqual([]);
    expect(() => table.touch(1, many)).toThrow();
  });

  test("touch() loses no bit of another worker that touches at the same time", () => {
    const buffer = new SharedArrayBuffer(RunTable.bytes(slots, threads));
    const other = new RunTable(buffer, 0, slots, threads);
    for (let at = 1; at <= 3; at++) {
      const words = new InterruptedWords(new AtomicWords(new Int32Array(buffer)), at, () => other.touch(0, 1));
      other.open(0, 1);
      new RunTable(buffer, 0, slots, threads, words).touch(0, 0);
      expect([other.isTouchedBy(0, 0), other.isTouchedBy(0, 1)]).toEqual([true, words.wasInterrupted]);
    }
  });

  test("hasOtherUsers() leaves oneself out", () => {
    const { user, supervisor } = open();
    const epoch = user.open(0, 1);
    user.enter(0, epoch, 0);
    expect([supervisor.hasOtherUsers(0, 0), supervisor.hasOtherUsers(0, 1), supervisor.hasUsers(0)]).toEqual([false, true, true]);
  });

  test("slots and threads outside the table are refused", () => {
    const { user } = open();
    for (const slot of [-1, slots, Number.NaN]) expect(() => user.epoch(slot)).toThrow("lies in the table");
    expect(() => user.enter(0, 0, threads)).toThrow("thread of the table");
    expect(() => RunTable.bytes(0, 1)).toThrow("slots");
  });
});

function dies(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof Died) return true;
    throw error;
  }
}
