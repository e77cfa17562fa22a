import fc from "fast-check";
import { expect, test } from "vitest";
import { SlotQueue } from "./slot-queue.js";

test("slots come back in the order in which they were freed, each to one holder at a time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.boolean(), { maxLength: 60 }), (count, takes) => {
      const queue = new SlotQueue(count);
      const model = Array.from({ length: count }, (_, slot) => slot);
      const held: number[] = [];
      for (const isTaking of takes) {
        if (isTaking && model.length > 0) {
          expect(queue.first).toBe(model[0]);
          held.push(model.shift() as number);
          queue.shift();
        } else if (held.length > 0) {
          const freed = held.pop() as number;
          queue.push(freed);
          model.push(freed);
        }
        expect([queue.length, queue.first]).toEqual([model.length, model[0]]);
      }
    }),
  );
});

test("a slot is taken out wherever it stands, and the others keep their order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(5), fc.nat(7), (count, turned, slot) => {
      const queue = new SlotQueue(count);
      const model = Array.from({ length: count }, (_, at) => at);
      for (let turn = 0; turn < turned; turn++) {
        queue.shift();
        queue.push(model[0] as number);
        model.push(model.shift() as number);
      }
      const at = model.indexOf(slot);
      expect(queue.remove(slot)).toBe(at >= 0);
      if (at >= 0) model.splice(at, 1);
      expect(queue.remove(slot)).toBe(false);
      const left: number[] = [];
      for (let first = queue.first; first !== undefined; first = queue.first) {
        left.push(first);
        queue.shift();
      }
      expect(left).toEqual(model);
    }),
  );
});
