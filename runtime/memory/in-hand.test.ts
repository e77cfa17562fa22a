import { describe, expect, test } from "vitest";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InHand } from "./in-hand.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import { AtomicWords, type Words } from "./words.js";

function open(startAt = 0) {
  const buffer = new SharedArrayBuffer(InHand.bytes());
  const ints = new Int32Array(buffer);
  ints[0] = startAt;
  return (wrap: (words: Words) => Words = (words) => words) => new InHand(buffer, 0, wrap(new AtomicWords(ints)));
}

describe("InHand", () => {
  test("says what began last, from begin() to end(), with a sequence that differs at each start", () => {
    for (const startAt of [0, 2 ** 31 - 6, -6]) {
      const view = open(startAt);
      const [worker, supervisor] = [view(), view()];
      const sequences = new Set<number>();
      expect(supervisor.read()).toBeUndefined();
      for (let task = 0; task < 10; task++) {
        worker.begin(3, -5, task);
        const record = supervisor.read();
        expect(record).toMatchObject({ slot: 3, epoch: -5, task });
        sequences.add(record!.sequence);
        if (task % 3 === 0) {
          worker.end();
          expect(supervisor.read()).toBeUndefined();
        }
      }
      expect(sequences.size).toBe(10);
    }
  });

  test("a successor goes on where the ended worker stood", () => {
    const view = open();
    view().begin(1, 1, 1);
    const { sequence } = view().read()!;
    view().begin(2, 2, 2);
    expect(view().read()).toMatchObject({ slot: 2, epoch: 2, task: 2 });
    expect(view().read()!.sequence).not.toBe(sequence);
  });

  test("a record is never a mixture, however many tasks start while it is read", () => {
    for (let starts = 1; starts <= 4; starts++) {
      for (let access = 1; access <= 8; access++) {
        const view = open();
        const worker = view();
        worker.begin(1, 1, 1);
        let task = 1;
        const reader = view(
          (words) =>
            new InterruptedWords(words, access, () => {
              for (let start = 0; start < starts; start++) {
                task += 1;
                worker.begin(task, task, task);
              }
            }),
        );
        const record = reader.read()!;
        expect([record.slot, record.epoch]).toEqual([record.task, record.task]);
      }
    }
  });

  test("a worker that ends at any access leaves the record before or the one after", () => {
    for (const [when, expected] of [
      ["before", 1],
      ["after", 2],
    ] as const) {
      const view = open();
      view().begin(1, 1, 1);
      const worker = view((words) => new DyingWords(words, 2, when)); // the first access was the constructor's
      expect(() => worker.begin(2, 2, 2)).toThrow(Died);
      expect(view().read()).toMatchObject({ slot: expected, epoch: expected, task: expected });
    }
  });
});
