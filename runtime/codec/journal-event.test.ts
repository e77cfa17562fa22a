import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { taskPositionsMax } from "../../actors/workflow/run-past.js";
import { ACCEPTED, CHARGED, DEFINED, DIED, EventReader, EventWriter, FAILED, type JournalEvent, RETURNED, VOID } from "./journal-event.js";

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const events: fc.Arbitrary<JournalEvent> = fc.record({
  kind: fc.integer({ min: ACCEPTED, max: DEFINED }),
  run: int32,
  fence: int32,
  attempt: int32,
  positions: fc.array(int32, { maxLength: taskPositionsMax }),
  at: fc.double(),
  body: fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9000, size: "max" })),
});

function written(all: readonly JournalEvent[], writer = new EventWriter()): Uint8Array {
  for (const event of all) writer.copy(event);
  return writer.take();
}

/** What an event says. Its body as text: the runner takes seconds to compare arrays. */
function told({ kind, run, fence, attempt, positions, at, body }: JournalEvent) {
  return { kind, run, fence, attempt, positions: [...positions], at, body: Buffer.from(body).toString("latin1") };
}

function read(bytes: Uint8Array): ReturnType<typeof told>[] {
  const found: ReturnType<typeof told>[] = [];
  for (const reader = new EventReader(bytes); reader.next(); ) found.push(told(reader));
  return found;
}

describe("events", () => {
  test("are read as they were written, batch after batch of one writer", () => {
    fc.assert(
      fc.property(fc.array(fc.array(events, { maxLength: 6 }), { maxLength: 4 }), (batches) => {
        const writer = new EventWriter();
        const taken = batches.map((batch) => written(batch, writer));
        expect(taken.map(read)).toEqual(batches.map((batch) => batch.map(told)));
        expect(writer.length).toBe(0);
      }),
    );
  });

  test("are whole words, and their writer says how long they are", () => {
    const writer = new EventWriter();
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 6 }), (all) => {
        for (const event of all) writer.copy(event);
        const { length } = writer;
        const bytes = writer.take();
        expect(bytes.length).toBe(length);
        expect(length % 4).toBe(0);
        expect(bytes.byteLength).toBe(bytes.buffer.byteLength); // of their own
      }),
    );
  });

  test("hold nothing of what their writer held before, where they are filled up", () => {
    const writer = new EventWriter();
    writer.append(RETURNED, 1, 1, 1, [], 0, new Uint8Array(64).fill(0xff));
    writer.take();
    writer.append(RETURNED, 1, 1, 1, [], 0, Uint8Array.of(0xff));
    expect([...writer.take().subarray(-4)]).toEqual([0xff, 0, 0, 0]);
  });

  test("are read from anywhere in a larger memory", () => {
    const bytes = written([{ kind: DIED, run: 7, fence: 1, attempt: 2, positions: [3, 4], at: 5, body: Uint8Array.of(6) }]);
    for (let offset = 0; offset < 4; offset++) {
      const larger = new Uint8Array(bytes.length + 8).fill(0xee);
      larger.set(bytes, offset);
      expect(read(larger.subarray(offset, offset + bytes.length))).toEqual(read(bytes));
    }
  });

  test("may be given another run, or be passed over, and nothing else changes", () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 5 }), fc.nat(4), int32, int32, (all, which, run, fence) => {
        const bytes = written(all);
        const reader = new EventReader(bytes);
        for (let at = 0; at <= which % all.length; at++) reader.next();
        reader.assign(run, fence);
        const assigned = all.map((event, at) => (at === which % all.length ? { ...event, run, fence } : event));
        expect(read(bytes)).toEqual(assigned.map(told));
        reader.clear();
        const cleared = assigned.map((event, at) => (at === which % all.length ? { ...event, kind: VOID } : event));
        expect(read(bytes)).toEqual(cleared.map(told));
      }),
    );
  });
});

describe("what is no event", () => {
  const corrupt = expect.objectContaining({ code: "DF_FRAME_CORRUPT" });
  const codeOf = (bytes: Uint8Array): unknown => {
    try {
      return read(bytes).length;
    } catch (error) {
      return error;
    }
  };

  test("every cut inside an event is refused", () => {
    fc.assert(
      fc.property(events, events, (first, second) => {
        const whole = written([first, second]);
        const edge = written([first]).length;
        const step = Math.max(1, Math.floor(whole.length / 200));
        for (let length = 1; length < whole.length; length += length < 100 ? 1 : step) {
          expect(codeOf(whole.subarray(0, length))).toEqual(length === edge ? 1 : corrupt);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("whatever stands in the words, it is read or refused, and nothing is read from outside", () => {
    const word = fc.oneof(
      int32,
      fc.constantFrom(0, 1, 36, 40, -4, -(2 ** 31), -(2 ** 31) + 36, 2 ** 31 - 1, 2 ** 31 - 4, 2 ** 29),
      fc.integer({ min: 0, max: 80 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 24 }), (words) => {
        const found = codeOf(new Uint8Array(Int32Array.from(words).buffer));
        if (typeof found === "number") expect(found).toBeLessThanOrEqual(words.length / 9);
        else expect(found).toEqual(corrupt);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["less than nothing", [-(2 ** 31) + 36, CHARGED, 0, 0, 0, 0, 0, 0, 2 ** 31 - 1]],
    ["more numbers than there is room for", [36, CHARGED, 0, 0, 0, 2 ** 29, 0, 0, 2 ** 31 - 1]],
    ["nothing, for ever", [0, CHARGED, 0, 0, 0, 0, 0, 0, -36]],
    ["numbers and a body that do not add up", [44, FAILED, 0, 0, 0, 1, 0, 0, 0, 0, 0]],
  ])("an event that takes %s is refused", (_, words) => {
    expect(codeOf(new Uint8Array(Int32Array.from(words).buffer))).toEqual(corrupt);
  });
});
