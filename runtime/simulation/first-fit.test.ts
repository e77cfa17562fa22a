import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FirstFit } from "./first-fit.js";

describe("FirstFit", () => {
  test("finds the machine that a walk over all of them finds", () => {
    const room = fc.record({ machine: fc.nat(12), cores: fc.nat(4), memory: fc.nat(4) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 13 }), fc.array(room), fc.nat(4), fc.nat(4), (count, rooms, cores, memory) => {
        const fit = new FirstFit(count);
        const walked = Array.from({ length: count }, () => ({ cores: -1, memory: -1 }));
        for (const { machine, ...free } of rooms) {
          if (machine >= count) continue;
          fit.set(machine, free.cores, free.memory);
          walked[machine] = free;
        }
        expect(fit.find(cores, memory)).toBe(walked.findIndex((free) => free.cores >= cores && free.memory >= memory));
        expect(Math.max(-1, fit.mostCores)).toBe(Math.max(...walked.map((free) => free.cores)));
      }),
    );
  });

  test("finds nothing where no machine has been given room", () => {
    expect(new FirstFit(3).find(0, 0)).toBe(-1);
  });
});
