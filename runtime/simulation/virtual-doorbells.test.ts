import { describe, expect, test } from "vitest";
import { VirtualDoorbells } from "./virtual-doorbells.js";

function bells(workers: number) {
  const woken: number[] = [];
  return { woken, doorbells: new VirtualDoorbells(workers, (worker) => void woken.push(worker)) };
}

describe("VirtualDoorbells", () => {
  test("wake a worker that sleeps, once", () => {
    const { woken, doorbells } = bells(2);
    expect(doorbells.fallAsleep(1, doorbells.events(1))).toBe(true);
    doorbells.ring(0);
    doorbells.ring(1);
    doorbells.ring(1);
    expect(woken).toEqual([1]);
  });

  test("keep a worker awake that was rung since it looked", () => {
    const { woken, doorbells } = bells(1);
    const seen = doorbells.events(0);
    doorbells.ring(0);
    expect(doorbells.fallAsleep(0, seen)).toBe(false);
    doorbells.wakeUp(0);
    doorbells.ring(0);
    expect(woken).toEqual([]);
  });

  test("count hungry workers, whatever they say twice", () => {
    const { doorbells } = bells(3);
    for (const worker of [0, 1, 1]) doorbells.setHungry(worker, true);
    expect([doorbells.hungryCount(0), doorbells.hungryCount(2)]).toEqual([1, 2]);
    for (const worker of [1, 1]) doorbells.setHungry(worker, false);
    expect([doorbells.hungryCount(0), doorbells.hungryCount(2)]).toEqual([0, 1]);
  });

  test("name another hungry worker each time", () => {
    const { doorbells } = bells(4);
    expect(doorbells.nextHungry(-1)).toBe(-1);
    for (const worker of [0, 1, 3]) doorbells.setHungry(worker, true);
    expect(Array.from({ length: 4 }, () => doorbells.nextHungry(-1))).toEqual([0, 1, 3, 0]);
    expect(Array.from({ length: 3 }, () => doorbells.nextHungry(1))).toEqual([3, 0, 3]);
    for (const worker of [0, 3]) doorbells.setHungry(worker, false);
    expect(doorbells.nextHungry(1)).toBe(-1);
  });
});
