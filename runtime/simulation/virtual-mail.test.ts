import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "./virtual-clock.js";
import { VirtualDoorbells } from "./virtual-doorbells.js";
import { VirtualMail } from "./virtual-mail.js";

describe("VirtualMail", () => {
  test("arrives after its hop, with a ring, and in the order of sending whatever each hop takes", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ worker: fc.nat(2), hopMs: fc.nat(9) })), (letters) => {
        const clock = new VirtualClock();
        const doorbells = new VirtualDoorbells(3, () => {});
        let hop = 0;
        const mail = new VirtualMail({ workers: 3, clock, doorbells, hopMs: () => letters[hop++]?.hopMs as number });
        const opened: number[][] = [[], [], []];
        letters.forEach(({ worker, hopMs }, letter) => {
          mail.send(worker, () => {
            expect(clock.nowMs()).toBeGreaterThanOrEqual(hopMs);
            opened[worker]?.push(letter);
          });
        });
        expect([0, 1, 2].map((worker) => mail.drain(worker))).toEqual([false, false, false]);
        while (clock.step()) for (const worker of [0, 1, 2]) mail.drain(worker);
        for (const worker of [0, 1, 2]) {
          const own = letters.flatMap((letter, at) => (letter.worker === worker ? [at] : []));
          expect(opened[worker]).toEqual(own);
          expect(doorbells.events(worker)).toBe(own.length);
        }
      }),
    );
  });
});
