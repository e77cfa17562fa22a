import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inlineBytes, TicketReader, type TicketRun, TicketWriter, ticketWords } from "./ticket.js";

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const double = fc.oneof(fc.double(), fc.constant(Number.NaN));
const ownId = fc.option(fc.string({ unit: fc.constantFrom(..."abcXYZ019._-"), minLength: 1, maxLength: 128 }), { nil: undefined });
const runs: fc.Arbitrary<TicketRun> = fc.record({
  slot: int32,
  epoch: int32,
  order: int32,
  rank: double,
  priority: int32,
  submittedAt: double,
  deadline: double,
  ownId,
  fence: int32,
  pastBlock: int32,
});
const places = fc.record({ home: int32, scope: int32, instance: int32, attempt: int32, offeredAt: double });

/** Three cells, each full of what earlier tickets left; the middle one is written. */
function cells() {
  const ints = new Int32Array(3 * ticketWords).fill(-7);
  return { ints, writer: new TicketWriter(ints), reader: new TicketReader(ints), at: ticketWords };
}

const runOf = ({ slot, epoch, order, rank, priority, submittedAt, deadline, ownId, fence, pastBlock }: TicketReader) => ({
  slot,
  epoch,
  order,
  rank,
  priority,
  submittedAt,
  deadline,
  ownId,
  fence,
  pastBlock,
});

/** Nothing was written outside of the middle cell. */
const isUntouchedAround = (ints: Int32Array) => ints.every((word, at) => word === -7 || (at >= ticketWords && at < 2 * ticketWords));

describe("a ticket", () => {
  test("of a start says of the run, and holds the input, what was written", () => {
    const starts = runs.chain((run) =>
      fc.tuple(fc.constant(run), fc.nat(), fc.uint8Array({ maxLength: inlineBytes(run.ownId) }), fc.boolean()),
    );
    fc.assert(
      fc.property(starts, ([run, workflow, input, isInline]) => {
        const { ints, writer, reader, at } = cells();
        writer.start(at, run, workflow, input, isInline ? 0 : 4096);
        reader.at = at;
        expect(reader.isStart).toBe(true);
        expect(runOf(reader)).toEqual(run);
        expect([reader.workflow, reader.inputBytes, reader.inputBlock]).toEqual([workflow, input.length, isInline ? 0 : 4096]);
        if (isInline) expect(new Uint8Array(ints.buffer, reader.inputWord * 4, input.length)).toEqual(input);
        expect(isUntouchedAround(ints)).toBe(true);
      }),
    );
  });

  test("of a task says what was written", () => {
    fc.assert(
      fc.property(runs, fc.nat(), places, (run, workflow, place) => {
        const { ints, writer, reader, at } = cells();
        writer.task(at, run, workflow, place);
        reader.at = at;
        const { home, scope, instance, attempt, offeredAt } = reader;
        expect(reader.isStart).toBe(false);
        expect(runOf(reader)).toEqual(run);
        expect({ home, scope, instance, attempt, offeredAt }).toEqual(place);
        expect(reader.workflow).toBe(workflow);
        expect(isUntouchedAround(ints)).toBe(true);
      }),
    );
  });

  test("has room for an input beside the longest id", () => {
    expect(inlineBytes("x".repeat(128))).toBeGreaterThan(0);
    expect(inlineBytes("x".repeat(128))).toBe(inlineBytes(undefined) - 128);
  });
});
