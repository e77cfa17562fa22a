import { describe, expect, test } from "vitest";
import { LINE_WORDS } from "./alignment.js";
import { Doorbells } from "./doorbell.js";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import { AtomicWords, type Words } from "./words.js";

const threads = 3;

function open(eventsAt = 0) {
  const buffer = new SharedArrayBuffer(Doorbells.bytes(threads));
  const ints = new Int32Array(buffer);
  for (let thread = 0; thread < threads; thread++) ints[thread * LINE_WORDS] = eventsAt;
  const view = (wrap: (words: Words) => Words = (words) => words) => new Doorbells(buffer, 0, threads, wrap(new AtomicWords(ints)));
  return { bells: view(), view };
}

/** A thread, its work and its messages: what the protocol is for. */
class World {
  work = 0;
  messages = 0;

  ring(bells: Doorbells, thread: number): void {
    this.work += 1;
    if (bells.ring(thread)) this.messages += 1;
  }

  /** One round of a sleeper's loop. */
  fallAsleep(bells: Doorbells, me: number): "worked" | "looks again" | "sleeps" {
    const seen = bells.events(me);
    if (this.work > 0) return "worked";
    return bells.fallAsleep(me, seen) ? "sleeps" : "looks again";
  }
}

describe("Doorbells", () => {
  test("the first ring of a sleeper asks for a message, later ones do not", () => {
    const { bells } = open();
    expect(bells.ring(1)).toBe(false); // awake
    expect(bells.fallAsleep(1, bells.events(1))).toBe(true);
    expect([bells.isAsleep(1), bells.awakeCount()]).toEqual([true, threads - 1]);
    expect([bells.ring(1), bells.ring(1), bells.ring(0)]).toEqual([true, false, false]);
    expect(bells.awakeCount()).toBe(threads);
  });

  test("fallAsleep() answers false when the bell rang since the count was read, and leaves the thread awake", () => {
    for (const start of [0, 2 ** 31 - 1, -1]) {
      const { bells } = open(start);
      const seen = bells.events(0);
      bells.ring(0);
      expect(bells.fallAsleep(0, seen)).toBe(false);
      expect(bells.isAsleep(0)).toBe(false);
      expect(bells.fallAsleep(0, bells.events(0))).toBe(true);
    }
  });

  test("wakeUp() makes a sleeper awake, whatever woke it", () => {
    const { bells } = open();
    bells.fallAsleep(2, bells.events(2));
    bells.wakeUp(2);
    expect(bells.isAsleep(2)).toBe(false);
    expect(bells.ring(2)).toBe(false);
  });

  test("hungry threads are counted without the one that asks", () => {
    const { bells } = open();
    bells.setHungry(0, true);
    bells.setHungry(2, true);
    expect([bells.hungryCount(0), bells.hungryCount(1), bells.isHungry(2), bells.isHungry(1)]).toEqual([1, 2, true, false]);
    bells.setHungry(2, false);
    expect([bells.hungryCount(1), bells.hungryHint(1), bells.hungryHint(0)]).toEqual([1, 1, 0]);
  });

  test("no sleeper sleeps on work: one or two ringers cut in anywhere", () => {
    for (const ringers of [1, 2]) {
      for (let access = 1, wasCut = true; wasCut; access++) {
        const { bells, view } = open();
        const world = new World();
        let cut: InterruptedWords | undefined;
        const sleeper = view((words) => {
          cut = new InterruptedWords(words, access, () => {
            for (let ringer = 0; ringer < ringers; ringer++) world.ring(bells, 0);
          });
          return cut;
        });
        const did = world.fallAsleep(sleeper, 0);
        wasCut = cut!.wasInterrupted;
        if (!wasCut) continue;
        expect(did !== "sleeps" || world.messages > 0).toBe(true);
        expect(world.messages).toBeLessThanOrEqual(1);
        if (did === "looks again") expect(bells.isAsleep(0)).toBe(false);
      }
    }
  });

  test("no sleeper sleeps on work: having looked in vain, it cuts into a ringer anywhere, and another ringer behind it", () => {
    for (const hasOtherRinger of [false, true]) {
      for (let access = 1, wasCut = true; wasCut; access++) {
        const { bells, view } = open();
        const world = new World();
        const seen = bells.events(0);
        let sleeps = false;
        const fallAsleep = () => {
          sleeps = bells.fallAsleep(0, seen);
          if (hasOtherRinger) world.ring(bells, 0);
        };
        let cut: InterruptedWords | undefined;
        const ringer = view((words) => {
          cut = new InterruptedWords(words, access, fallAsleep);
          return cut;
        });
        world.ring(ringer, 0);
        wasCut = cut!.wasInterrupted;
        if (!wasCut) fallAsleep();
        expect(world.messages).toBe(sleeps ? 1 : 0);
      }
    }
  });

  test("a ringer that ends at any access is made good by a message after its end", () => {
    for (const when of ["before", "after"] as const) {
      for (let access = 1, died = true; died; access++) {
        const { bells, view } = open();
        bells.fallAsleep(0, bells.events(0));
        const ringer = view((words) => new DyingWords(words, access, when));
        died = dies(() => ringer.ring(0));
        // The supervisor's message: the thread wakes, and from then on the protocol works as ever.
        bells.wakeUp(0);
        expect(bells.fallAsleep(0, bells.events(0))).toBe(true);
        expect(bells.ring(0)).toBe(true);
      }
    }
  });

  test("repair() makes an ended thread neither asleep nor hungry", () => {
    const { bells } = open();
    bells.setHungry(1, true);
    bells.fallAsleep(1, bells.events(1));
    bells.repair(1);
    expect([bells.isAsleep(1), bells.isHungry(1), bells.ring(1)]).toEqual([false, false, false]);
  });

  test("a bell belongs to a thread", () => {
    expect(() => open().bells.ring(threads)).toThrow("belongs to a thread");
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
