import { expect, test } from "vitest";
import { graphOf } from "../../actors/workflow/graph.fixture.js";
import { NODE_TASK } from "../../actors/workflow/graph.js";
import { ReadyTask } from "../../actors/workflow/run.js";
import { liveRun } from "../../actors/workflow/scope.fixture.js";
import { Reservations } from "../memory/reservations.js";
import { kibibytes, milliCores, WorkerReservations } from "./worker-reservations.js";

const plain = graphOf([{ nodes: [{ kind: NODE_TASK, name: "task" }] }]);

/** A task with such options. */
function taskWith(options: { cpus: number | undefined; memoryBytes: number | undefined }): ReadyTask {
  const run = liveRun({ ...plain, options: (node) => ({ ...plain.options(node), ...options }) });
  return new ReadyTask(run, run.root, 1, 1, 0);
}

function open() {
  const shared = new Reservations(new SharedArrayBuffer(Reservations.bytes(2)), 0, 2);
  const rung: number[] = [];
  const of = (worker: number) =>
    new WorkerReservations(shared, worker, { cpus: 2000, memory: 8 }, { ring: (other) => void rung.push(other) });
  return { shared, rung, of };
}

test.each([
  [0, 0],
  [0.0001, 1],
  [0.29, 290],
  [1.1, 1100],
  [1024, 1_024_000],
])("%f cores are %i thousandths", (cpus, thousandths) => {
  expect(milliCores(cpus)).toBe(thousandths);
});

test.each([
  [1, 1],
  [1024, 1],
  [1025, 2],
])("%i bytes are %i KiB", (bytes, count) => {
  expect(kibibytes(bytes)).toBe(count);
});

test.each([
  [
    { cpus: 1.5, memoryBytes: 1025 },
    { cpus: 1500, memory: 2 },
  ],
  [
    { cpus: undefined, memoryBytes: 8192 },
    { cpus: 0, memory: 8 },
  ],
  [
    { cpus: 2, memoryBytes: undefined },
    { cpus: 2000, memory: 0 },
  ],
])("reserves what a task's options say, and gives the same back: %o", (options, amounts) => {
  const { shared, of } = open();
  const reservations = of(0);
  const task = taskWith(options);
  expect([reservations.reserve(task), shared.reservedBy(0)]).toEqual([true, amounts]);
  reservations.release(task);
  expect(shared.reservedBy(0)).toEqual({ cpus: 0, memory: 0 });
});

test("rings a worker that waits when there may be room for it, until it does not wait any more", () => {
  const { rung, of } = open();
  const [one, other] = [of(0), of(1)];
  const [half, whole] = [taskWith({ cpus: 1, memoryBytes: undefined }), taskWith({ cpus: 2, memoryBytes: undefined })];
  expect([one.reserve(half), one.reserve(half), other.reserve(whole), one.waitingCount()]).toEqual([true, true, false, 1]);
  one.release(half);
  expect(rung).toEqual([1]);
  other.withdraw();
  one.release(half);
  expect([rung, one.waitingCount()]).toEqual([[1], 0]);
});
