import { describe, expect, test } from "vitest";
import { LINE_WORDS } from "./alignment.js";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import { type Amounts, Reservations, type ReservedShare } from "./reservations.js";
import { AtomicWords, type Words } from "./words.js";

const workers = 3;
const capacity: Amounts = { cpus: 4, memory: 100 };

function open(turnsSoFar = 0) {
  const buffer = new SharedArrayBuffer(Reservations.bytes(workers));
  const ints = new Int32Array(buffer);
  ints[0] = turnsSoFar;
  const woken: number[] = [];
  const table = new Reservations(buffer, 0, workers);
  const share = (worker: number, wrap: (words: Words) => Words = (words) => words): ReservedShare =>
    new Reservations(buffer, 0, workers, wrap(new AtomicWords(ints))).claimShare(worker, capacity, (other) => void woken.push(other));
  return { table, share, woken };
}

/** Who was woken since the last time, each once. */
const wokenOf = (woken: number[]): number[] => [...new Set(woken.splice(0))].sort();

describe("Reservations", () => {
  test("admits while cores and memory fit, and again what has been released", () => {
    const { table, share } = open();
    const [one, other] = [share(0), share(1)];
    expect([one.reserve(3, 40), other.reserve(1, 60)]).toEqual([true, true]);
    expect([table.reservedBy(0), table.reservedBy(1)]).toEqual([
      { cpus: 3, memory: 40 },
      { cpus: 1, memory: 60 },
    ]);
    expect(one.reserve(0, 1)).toBe(false);
    one.withdraw();
    expect(one.reserve(1, 0)).toBe(false);
    other.release(1, 60);
    expect([one.reserve(1, 0), table.reservedBy(0)]).toEqual([true, { cpus: 4, memory: 40 }]);
  });

  test("whoever waits is woken by what is released, and nobody else is", () => {
    const { share, woken } = open();
    const [one, other, third] = [share(0), share(1), share(2)];
    one.reserve(2, 0);
    third.reserve(2, 0);
    expect(woken).toEqual([]);
    expect(other.reserve(4, 0)).toBe(false);
    expect([one.waitingCount(), other.waitingCount(), third.waitingCount()]).toEqual([1, 0, 1]);
    one.release(2, 0);
    expect(wokenOf(woken)).toEqual([1]);
    expect(other.reserve(4, 0)).toBe(false);
    third.release(2, 0);
    expect([wokenOf(woken), other.reserve(4, 0), one.waitingCount()]).toEqual([[1], true, 0]);
  });

  test.each([0, 2 ** 31 - 2, -2, -1])("in turn: what fits is kept from those that came later, turns so far %i", (turnsSoFar) => {
    const { share, woken } = open(turnsSoFar);
    const [one, other, third] = [share(0), share(1), share(2)];
    one.reserve(2, 0);
    expect([other.reserve(3, 0), third.reserve(2, 0), other.reserve(3, 0)]).toEqual([false, false, false]);
    expect(third.reserve(2, 0)).toBe(false); // it would fit, but not beside what came first
    one.release(2, 0);
    expect(third.reserve(2, 0)).toBe(false);
    third.withdraw();
    expect(third.reserve(1, 0)).toBe(true); // this fits beside it
    third.release(1, 0);
    expect(third.reserve(2, 0)).toBe(false);
    woken.splice(0);
    expect([other.reserve(3, 0), wokenOf(woken), third.reserve(2, 0)]).toEqual([true, [2], false]);
    other.release(3, 0);
    expect(third.reserve(2, 0)).toBe(true);
  });

  test("whoever wants cores alone does not wait behind one that waits for memory, where both find cores", () => {
    const { share } = open();
    const [one, other, third] = [share(0), share(1), share(2)];
    one.reserve(1, 60);
    expect(other.reserve(2, 50)).toBe(false);
    expect([third.reserve(1, 0), third.reserve(1, 0)]).toEqual([true, false]);
    third.withdraw();
    expect(third.reserve(0, 1)).toBe(false);
  });

  test("nor whoever wants memory alone behind one that waits for cores", () => {
    const { share } = open();
    const [one, other, third] = [share(0), share(1), share(2)];
    one.reserve(3, 10);
    expect(other.reserve(2, 40)).toBe(false);
    expect([third.reserve(0, 50), third.reserve(0, 1)]).toEqual([true, false]);
  });

  test("whoever gives up its turn wakes those that waited behind it", () => {
    const { share, woken } = open();
    const [one, other, third] = [share(0), share(1), share(2)];
    one.reserve(2, 0);
    expect([other.reserve(3, 0), third.reserve(2, 0)]).toEqual([false, false]);
    woken.splice(0);
    other.withdraw();
    other.withdraw();
    expect([wokenOf(woken), third.reserve(2, 0)]).toEqual([[2], true]);
  });

  test("whoever cannot look holds nobody up, and goes first again when it looks", () => {
    const { share, woken } = open();
    const [one, other, third] = [share(0), share(1), share(2)];
    one.reserve(2, 0);
    expect([other.reserve(3, 0), third.reserve(2, 0)]).toEqual([false, false]);
    woken.splice(0);
    other.suspend();
    other.suspend();
    expect([wokenOf(woken), third.reserve(2, 0)]).toEqual([[2], true]);
    expect(other.reserve(3, 0)).toBe(false);
    third.release(2, 0);
    expect(third.reserve(2, 0)).toBe(false); // it would fit, but not beside what came first
    one.release(2, 0);
    expect(other.reserve(3, 0)).toBe(true);
  });

  test("two that bid at once: never both where one fits, and in the end one after the other", () => {
    for (let access = 1, wasCut = true; wasCut; access++) {
      const { table, share, woken } = open();
      const other = share(1);
      let isOtherIn = false;
      let cut: InterruptedWords | undefined;
      const one = share(0, (words) => {
        cut = new InterruptedWords(words, access, () => {
          isOtherIn = other.reserve(3, 0);
        });
        return cut;
      });
      const isOneIn = one.reserve(3, 0);
      wasCut = (cut as InterruptedWords | undefined)?.wasInterrupted === true;
      if (!wasCut) continue;
      expect(isOneIn && isOtherIn).toBe(false);
      expect(table.reservedBy(0).cpus + table.reservedBy(1).cpus).toBe(isOneIn || isOtherIn ? 3 : 0);
      const late = isOneIn ? [1] : isOtherIn ? [0] : wokenOf(woken);
      if (!isOneIn && !isOtherIn) expect(late.length).toBeGreaterThan(0); // somebody looks again
      const shares = [one, other];
      const first = isOneIn ? one : isOtherIn ? other : shares.find((share) => share.reserve(3, 0));
      expect(first).toBeDefined();
      woken.splice(0);
      first?.release(3, 0);
      const second = first === one ? other : one;
      expect([wokenOf(woken), second.reserve(3, 0)]).toEqual([[first === one ? 1 : 0], true]);
    }
  });

  test("nobody sleeps on room that another one makes: a release, or a turn that ends, cuts in anywhere", () => {
    for (const makesRoom of ["release", "withdraw"] as const) {
      for (let access = 1, wasCut = true; wasCut; access++) {
        const { share, woken } = open();
        const [other, third] = [share(1), share(2)];
        other.reserve(2, 0);
        third.reserve(makesRoom === "release" ? 2 : 4, 0);
        let cut: InterruptedWords | undefined;
        const one = share(0, (words) => {
          cut = new InterruptedWords(words, access, () => {
            if (makesRoom === "release") third.release(2, 0);
            else third.withdraw();
          });
          return cut;
        });
        const isIn = one.reserve(2, 0);
        wasCut = (cut as InterruptedWords | undefined)?.wasInterrupted === true;
        if (wasCut) expect(isIn || woken.includes(0)).toBe(true);
      }
    }
  });

  test("nobody sleeps on room: having looked in vain, it cuts into the one that makes room", () => {
    for (const makesRoom of ["release", "withdraw", "admission"] as const) {
      for (let access = 1, wasCut = true; wasCut; access++) {
        const { share, woken } = open();
        const [one, third] = [share(0), share(2)];
        let cut: InterruptedWords | undefined;
        let isIn = false;
        let isCutting = false;
        const other = share(1, (words) => {
          const interrupted = new InterruptedWords(words, access, () => {
            isIn = one.reserve(1, 0);
          });
          cut = interrupted;
          return {
            load: (index) => (isCutting ? interrupted : words).load(index),
            store: (index, value) => (isCutting ? interrupted : words).store(index, value),
            cas: (index, expected, desired) => (isCutting ? interrupted : words).cas(index, expected, desired),
            add: (index, delta) => (isCutting ? interrupted : words).add(index, delta),
          };
        });
        if (makesRoom === "release") other.reserve(4, 0);
        else {
          third.reserve(1, 0);
          other.reserve(4, 0);
          if (makesRoom === "admission") third.release(1, 0);
        }
        isCutting = true;
        if (makesRoom === "release") other.release(4, 0);
        else if (makesRoom === "withdraw") other.withdraw();
        else if (other.reserve(4, 0)) {
          isCutting = false;
          other.release(4, 0);
        }
        wasCut = (cut as InterruptedWords | undefined)?.wasInterrupted === true;
        if (wasCut) expect(isIn || woken.includes(0)).toBe(true);
      }
    }
  });

  test("one that ends at any access is repaired: everything is there again for the others", () => {
    const acts: ((share: ReservedShare) => void)[] = [
      (share) => share.reserve(2, 10),
      (share) => {
        share.reserve(2, 10);
        share.release(2, 10);
      },
      (share) => {
        share.reserve(4, 10); // waits
        share.withdraw();
      },
    ];
    for (const act of acts) {
      for (const when of ["before", "after"] as const) {
        for (let access = 1, died = true; died; access++) {
          const { table, share } = open();
          const other = share(1);
          other.reserve(1, 50);
          died = dies(() => act(share(0, (words) => new DyingWords(words, access, when))));
          expect(table.reservedBy(0).cpus).toBeGreaterThanOrEqual(0);
          table.repair(0);
          expect([table.reservedBy(0), table.turnOf(0)]).toEqual([{ cpus: 0, memory: 0 }, 0]);
          expect([other.reserve(3, 50), share(0).reserve(1, 0)]).toEqual([true, false]);
          other.release(4, 100);
          expect(share(2).reserve(4, 100)).toBe(false); // worker 0 came first
        }
      }
    }
  });

  test("a worker that waits asks for what it waits for", () => {
    const { share } = open();
    share(1).reserve(4, 0);
    const one = share(0);
    one.reserve(1, 0);
    expect(() => one.reserve(2, 0)).toThrow("asks for what it waits for");
  });

  test("reservations belong to a worker", () => {
    const { table, share } = open();
    expect(() => share(workers)).toThrow("belongs to a worker");
    expect(() => table.reservedBy(-1)).toThrow("belong to a worker");
    expect(() => table.claimShare(0, { cpus: 2 ** 31, memory: 0 }, () => {})).toThrow("counted in one word");
    expect(LINE_WORDS * 4 * (1 + workers)).toBe(Reservations.bytes(workers));
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
