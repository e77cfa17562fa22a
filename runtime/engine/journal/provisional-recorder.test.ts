import { expect, test } from "vitest";
import { EventWriter, FAILED, RETURNED, STARTED } from "../../codec/journal-event.js";
import { RunRecord } from "../run.js";
import { ProvisionalRecorder } from "./provisional-recorder.js";

const nothing = (): void => {};
const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all);
const neverAsked = (): never => expect.fail("a recorder that keeps nothing asks for nothing");

/** A recorder, with runs that live in the slots of their numbers, under epoch 1. */
function open() {
  const recorder = new ProvisionalRecorder();
  const runs = new Map<number, RunRecord>();
  const durable: (readonly [worker: number, batch: number])[] = [];
  recorder.events = {
    liveRun: (slot, epoch) => (epoch === 1 ? runs.get(slot) : undefined),
    onDurable: (worker, batch) => durable.push([worker, batch]),
    ...{ onRoom: nothing, onFailed: nothing },
  };
  const accept = (): RunRecord => {
    const order = recorder.takeNumber();
    const record = new RunRecord({
      ...{ ownId: undefined, idPrefix: "r-", workflow: "w", workflowId: 1, order, submittedAt: 0, priority: 0 },
      ...{ deadline: Number.NaN, input: bytes(), cancel: nothing, listTasks: async () => [] },
    });
    runs.set(order, record);
    expect(recorder.accept()).toBeUndefined();
    return record;
  };
  return { recorder, runs, durable, accept };
}

function batchOf(...events: readonly (readonly [kind: number, run: number, epoch: number, task: number])[]): Uint8Array {
  const writer = new EventWriter();
  for (const [kind, run, epoch, task] of events) writer.append(kind, run, epoch, 1, [task], Number.NaN, bytes(task));
  return writer.take();
}

test("what workers record is kept by run, and durable at once", async () => {
  const { recorder, durable, accept } = open();
  const [first, second] = [accept(), accept()];
  expect([first.order, second.order]).toEqual([1, 2]);
  recorder.recorded(0, 7, batchOf([STARTED, 1, 1, 5], [RETURNED, 2, 1, 6], [RETURNED, 1, 1, 5]));
  recorder.recorded(3, 9, batchOf([FAILED, 1, 1, 8]));
  expect(durable).toEqual([
    [0, 7],
    [3, 9],
  ]);
  expect(recorder.factsOf(first)).toMatchObject([
    { positions: [5], hasReturned: true, started: 1, output: bytes(5) },
    { positions: [8], hasReturned: false, attempts: 1, failure: bytes(8), isParked: false },
  ]);
  expect(recorder.factsOf(second)).toMatchObject([{ positions: [6], hasReturned: true, output: bytes(6) }]);
  await recorder.durable();
});

test("what is recorded of a run that lives no more, or somewhere else, is dropped, and its batch is durable", () => {
  const { recorder, runs, durable, accept } = open();
  const record = accept();
  recorder.recorded(0, 1, batchOf([RETURNED, 1, 2, 5], [STARTED, 1, 1, 3], [RETURNED, 4, 1, 5]));
  runs.delete(1);
  recorder.recorded(0, 2, batchOf([RETURNED, 1, 1, 5]));
  expect(recorder.factsOf(record)).toMatchObject([{ positions: [3], hasReturned: false }]);
  expect(durable).toEqual([
    [0, 1],
    [0, 2],
  ]);
});

test("nothing is kept of a run that has ended, and whoever waits for its end is told at once", () => {
  const { recorder, accept } = open();
  const [first, second] = [accept(), accept()];
  recorder.recorded(0, 1, batchOf([RETURNED, 1, 1, 5], [RETURNED, 2, 1, 5]));
  let told = 0;
  recorder.ended(first, neverAsked, () => {
    told += 1;
  });
  expect([told, recorder.factsOf(first)]).toEqual([1, []]);
  expect(recorder.factsOf(second)).toHaveLength(1);
});
