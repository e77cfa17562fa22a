import { expect, test } from "vitest";
import { EventWriter, STARTED } from "../codec/journal-event.js";
import { createRegions, openRegions, planRegions } from "../memory/regions.js";
import { Bells } from "../worker/bells.js";
import { Blobs } from "../worker/blobs.js";
import { journalFrameBytes, writeJournalFrame } from "../worker/journal-frame.js";
import { Links } from "../worker/links.js";
import { Payloads } from "../worker/payloads.js";
import { Dispatch } from "./dispatch.js";
import { Intake } from "./intake.js";
import { ProvisionalRecorder } from "./journal/provisional-recorder.js";
import { resolveEngineOptions } from "./options.js";

const sizes = { workers: 2, queueCapacity: 8, cellsPerProducer: 4, cellWords: 16, ringBytes: 4096, arenaBytes: 65_536, runSlots: 4 };

/** The control thread's end, with a recorder that may be full. */
function open() {
  const plan = planRegions(sizes);
  const regions = openRegions(createRegions(plan), plan);
  const links = new Links(regions.doorbells, undefined, () => {});
  const taken: (readonly [worker: number, batch: number])[] = [];
  const state = { isFull: false };
  const recorder = new Proxy(new ProvisionalRecorder(), {
    get: (target, name) => {
      if (name === "isFull") return state.isFull;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  recorder.events = {
    liveRun: () => undefined,
    onDurable: (worker, batch) => taken.push([worker, batch]),
    ...{ onRoom: () => {}, onFailed: () => {} },
  };
  const dispatch = new Dispatch({
    ...{ regions, recorder, queuedMax: 4, payloads: new Payloads(plan.control, regions.arenas()) },
    ...{ bells: new Bells(regions.doorbells, links, sizes.workers), blobs: new Blobs(links, () => {}) },
    intake: new Intake(resolveEngineOptions({ workflows: [] }).scheduler, 10, () => expect.fail("no run waits here")),
    ...{ onEnded: () => {}, onBroken: () => expect.fail("no ring is broken here") },
  });
  const send = (worker: number, ...batches: readonly number[]): void => {
    const ring = regions.ring(worker, plan.control);
    const producer = ring.claimProducer();
    for (const batch of batches) {
      const writer = new EventWriter();
      writer.append(STARTED, 0, 1, 1, [1], 0);
      const events = writer.take();
      writeJournalFrame(ring, producer.reserve(journalFrameBytes(events.length)), batch, events);
      producer.publish();
    }
    ring.repair("producer");
  };
  return { dispatch, state, taken, send };
}

test("what workers have recorded is left where it is while no more can be taken in", () => {
  const { dispatch, state, taken, send } = open();
  send(0, 1, 2);
  state.isFull = true;
  expect([dispatch.drain(), taken]).toEqual([false, []]);
  state.isFull = false;
  expect([dispatch.drain(), taken.length]).toEqual([true, 2]);
});

test("what a thread had sent when it ended is taken in whether there is room or not: it is there no more afterwards", () => {
  const { dispatch, state, taken, send } = open();
  send(0, 1, 2);
  send(1, 1);
  state.isFull = true;
  dispatch.ended(0);
  expect(taken).toEqual([
    [0, 1],
    [0, 2],
  ]);
  expect([dispatch.nextBatch(0), dispatch.nextBatch(1)]).toEqual([3, 1]);
  send(0, 3);
  state.isFull = false;
  dispatch.drain();
  expect(taken.slice(2)).toEqual([
    [0, 3],
    [1, 1],
  ]);
});
