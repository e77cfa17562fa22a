import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InHand, positionsMax } from "./in-hand.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import { AtomicWords, type Words } from "./words.js";

const entry = new URL("../../dist/runtime/memory/in-hand-thread.fixture.js", import.meta.url);
const beatWord = 1;
const waitingWord = 2;

function open(startAt = 0) {
  const buffer = new SharedArrayBuffer(InHand.bytes());
  const ints = new Int32Array(buffer);
  for (const word of [0, beatWord, waitingWord]) ints[word] = startAt;
  return (wrap: (words: Words) => Words = (words) => words) => new InHand(buffer, 0, wrap(new AtomicWords(ints)));
}

/** Positions of which every one is `value`: as many as the value says, so that a mixture is seen. */
const positionsOf = (value: number) => Array.from({ length: 1 + (value % positionsMax) }, () => value);

interface Kind {
  readonly name: string;
  readonly word: number;
  /** Accesses of a constructor. */
  readonly opening: number;
  readonly write: (view: InHand, value: number) => void;
  readonly end: (view: InHand) => void;
  readonly read: (view: InHand) => ReturnType<InHand["read"]>;
  readonly dueAt: (value: number) => object;
}

const kinds: Kind[] = [
  {
    name: "the executing attempt",
    word: 0,
    opening: 3,
    write: (view, value) => view.begin(value, value, value, positionsOf(value), positionsOf(value).length),
    end: (view) => view.end(),
    read: (view) => view.read(),
    dueAt: () => ({}),
  },
  {
    name: "the waiting attempt",
    word: waitingWord,
    opening: 3,
    write: (view, value) => view.waits(value, value, value, positionsOf(value), positionsOf(value).length, value + 0.1),
    end: (view) => view.noneWaits(),
    read: (view) => view.readWaiting(),
    dueAt: (value) => ({ dueAt: value + 0.1 }),
  },
];

describe.each(kinds)("InHand: $name", ({ opening, write, end, read, dueAt }) => {
  const recordOf = (value: number) => ({ slot: value, epoch: value, attempt: value, positions: positionsOf(value), ...dueAt(value) });

  test("is what was written last, until it is ended, with a sequence that differs at each", () => {
    for (const startAt of [0, 2 ** 31 - 6, -6]) {
      const view = open(startAt);
      const [worker, supervisor] = [view(), view()];
      const sequences = new Set<number>();
      expect(read(supervisor)).toBeUndefined();
      for (let value = 0; value < 12; value++) {
        write(worker, value);
        const record = read(supervisor);
        expect(record).toMatchObject(recordOf(value));
        sequences.add(record?.sequence as number);
        if (value % 3 === 0) {
          end(worker);
          expect(read(supervisor)).toBeUndefined();
        }
      }
      expect(sequences.size).toBe(12);
    }
  });

  test("goes on, in a successor, where the ended worker stood", () => {
    const view = open();
    write(view(), 1);
    const before = read(view())?.sequence;
    write(view(), 2);
    expect(read(view())).toMatchObject(recordOf(2));
    expect(read(view())?.sequence).not.toBe(before);
  });

  test("is gone when the supervisor has cleared it, and the successor's is another one", () => {
    const view = open();
    const supervisor = view();
    write(view(), 1);
    const before = read(supervisor)?.sequence;
    supervisor.clear();
    expect(read(supervisor)).toBeUndefined();
    write(view(), 2);
    expect(read(supervisor)).toMatchObject(recordOf(2));
    expect(read(supervisor)?.sequence).not.toBe(before);
  });

  test("is never a mixture, however many are written while it is read", () => {
    for (let writes = 1; writes <= 4; writes++) {
      let wasInterrupted = true;
      for (let access = opening + 1; wasInterrupted; access++) {
        const view = open();
        const worker = view();
        write(worker, 1);
        let value = 1;
        const words: InterruptedWords[] = [];
        const reader = view((inner) => {
          const interrupted = new InterruptedWords(inner, access, () => {
            for (let count = 0; count < writes; count++) write(worker, ++value);
          });
          words.push(interrupted);
          return interrupted;
        });
        const record = read(reader);
        expect(record).toMatchObject(recordOf(record?.slot as number));
        wasInterrupted = words.some((one) => one.wasInterrupted);
        expect(record?.slot === value || record?.slot === 1).toBe(true);
      }
    }
  });
});

test("the waiting attempt is the one before or the one after when the worker ends at any access", () => {
  const { opening, write, read, dueAt } = kinds[1] as Kind;
  for (const [when, expected] of [
    ["before", 1],
    ["after", 2],
  ] as const) {
    const view = open();
    write(view(), 1);
    const worker = view((words) => new DyingWords(words, opening + 1, when));
    expect(() => write(worker, 2)).toThrow(Died);
    expect(read(view())).toMatchObject({ slot: expected, epoch: expected, attempt: expected, ...dueAt(expected) });
  }
});

test("the executing attempt is one that was written, whole, wherever its thread is terminated", async () => {
  const buffer = new SharedArrayBuffer(InHand.bytes());
  for (let round = 0; round < 15; round++) {
    const worker = new Worker(entry, { workerData: buffer });
    const record = new InHand(buffer, 0);
    const before = record.read()?.sequence;
    while (record.read() === undefined || record.read()?.sequence === before) await new Promise((resolve) => setImmediate(resolve));
    await worker.terminate();
    const left = new InHand(buffer, 0).read();
    expect(left?.epoch).toBe(left?.slot);
    expect(left?.attempt).toBe(left?.slot);
    expect(new Set(left?.positions)).toEqual(new Set([left?.slot]));
  }
});

test("a task that one number names is written as any other", () => {
  const view = open();
  const worker = view();
  worker.beginAt(1, 2, 3, 4);
  const first = view().read();
  expect(first).toMatchObject({ slot: 1, epoch: 2, attempt: 3, positions: [4] });
  worker.begin(5, 6, 7, [8, 9], 2);
  expect(view().read()).toMatchObject({ slot: 5, epoch: 6, attempt: 7, positions: [8, 9] });
  expect(view().read()?.sequence).not.toBe(first?.sequence);
  worker.end();
  expect(view().read()).toBeUndefined();
});

describe("InHand", () => {
  test("keeps both records apart", () => {
    const view = open();
    const worker = view();
    worker.begin(1, 2, 3, [4], 1);
    worker.waits(5, 6, 7, [8, 9], 2, 1e12 + 0.5);
    expect(view().read()).toMatchObject({ slot: 1, epoch: 2, attempt: 3, positions: [4] });
    expect(view().readWaiting()).toMatchObject({ slot: 5, epoch: 6, attempt: 7, positions: [8, 9], dueAt: 1e12 + 0.5 });
    worker.end();
    expect(view().read()).toBeUndefined();
    expect(view().readWaiting()).toMatchObject({ slot: 5 });
    worker.noneWaits();
    expect(view().readWaiting()).toBeUndefined();
  });

  test("shows every heartbeat in both records, over the wrap and in a successor", () => {
    const view = open(2 ** 31 - 3);
    const beats = new Set<unknown>();
    for (let successor = 0; successor < 2; successor++) {
      const worker = view();
      worker.begin(1, 1, 1, [1], 1);
      worker.waits(1, 1, 1, [1], 1, 1);
      for (let beat = 0; beat < 4; beat++) {
        worker.beat();
        const beatNow = view().read()?.beat;
        expect(view().readWaiting()?.beat).toBe(beatNow);
        beats.add(beatNow);
      }
    }
    expect(beats.size).toBe(8);
  });
});
