import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noJournal } from "../lone-ports.js";
import type { Results } from "../ports.js";
import { graphOf } from "../workflow/graph.fixture.js";
import type { Run } from "../workflow/run.js";
import { liveRun } from "../workflow/scope.fixture.js";
import { CheckpointActor, resultsPerFlushMax } from "./checkpoint-actor.js";

/** The way to the control thread, with so many places. */
class Channel implements Results {
  room = 0;
  readonly log: string[] = [];
  readonly sent: Run[] = [];

  send(run: Run): boolean {
    if (this.room === 0) return false;
    this.room -= 1;
    this.sent.push(run);
    this.log.push(`send ${run.order}`);
    return true;
  }

  flush(): void {
    this.log.push("flush");
  }

  close(run: Run): void {
    this.log.push(`close ${run.order}`);
  }

  discard(): void {}
}

const graph = graphOf([{ nodes: [] }]);
const ended = (order: number) => ({ kind: "run-ended", run: liveRun(graph, { order }), isOk: true, value: order, at: 0 }) as const;

describe("CheckpointActor", () => {
  test("sends ends on at once, closes their runs, and rings for all of them together", () => {
    const channel = new Channel();
    channel.room = 10;
    const actor = new CheckpointActor(channel, noJournal);
    for (const order of [0, 1]) actor.receive(ended(order));
    expect(channel.log).toEqual(["send 0", "close 0", "send 1", "close 1"]);
    actor.receive({ kind: "flush" });
    actor.receive({ kind: "flush" });
    expect(channel.log.slice(4)).toEqual(["flush"]);
  });

  test("rings by itself after so many", () => {
    const channel = new Channel();
    channel.room = Number.POSITIVE_INFINITY;
    const actor = new CheckpointActor(channel, noJournal);
    for (let order = 0; order < 2 * resultsPerFlushMax; order++) actor.receive(ended(order));
    expect(channel.log.filter((entry) => entry === "flush").length).toBe(2);
    actor.receive({ kind: "flush" });
    expect(channel.log.filter((entry) => entry === "flush").length).toBe(2);
  });

  test("keeps what finds no room, in order, and loses nothing", () => {
    const room = fc.record({ room: fc.nat(4) });
    const steps = fc.array(fc.oneof(fc.constantFrom("end" as const, "flush" as const), room), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const channel = new Channel();
        const actor = new CheckpointActor(channel, noJournal);
        let count = 0;
        for (const step of all) {
          if (step === "end") actor.receive(ended(count++));
          else if (step === "flush") actor.receive({ kind: "flush" });
          else channel.room = step.room;
        }
        channel.room = Number.POSITIVE_INFINITY;
        actor.receive({ kind: "flush" });
        expect(channel.sent.map(({ order }) => order)).toEqual(Array.from({ length: count }, (_, order) => order));
        expect(channel.log.filter((entry) => entry.startsWith("close")).length).toBe(count);
        if (count > 0) expect(channel.log.at(-1)).toBe("flush");
      }),
    );
  });
});
