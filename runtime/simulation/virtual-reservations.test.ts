import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reservations } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { Reservations as SharedReservations } from "../memory/reservations.js";
import { kibibytes, milliCores, WorkerReservations } from "../worker/worker-reservations.js";
import { type Machine, plainMachines } from "./machine.js";
import { VirtualReservations } from "./virtual-reservations.js";

const workers = 4;
const memory = 4096;
const [plain] = plainMachines(1) as [Machine];
const machines = Array.from({ length: workers }, () => ({ ...plain, countsTasks: false, memory: memory / workers }));

/** All that a reservation looks at. */
const taskOf = (cpus: number | undefined, memoryBytes: number | undefined): ReadyTask =>
  ({ node: 1, run: { workflow: { graph: { options: () => ({ cpus, memoryBytes }) } } } }) as unknown as ReadyTask;

const tasks = fc
  .record({ cpus: fc.constantFrom(undefined, 0.5, 1, 2, 4), memory: fc.constantFrom(undefined, 1024, 2048, 4096) })
  .map((asked) => taskOf(asked.cpus, asked.memory));
const steps = fc.array(
  fc.record({ worker: fc.nat(workers - 1), kind: fc.constantFrom("ask", "ask", "release", "suspend", "withdraw"), task: tasks }),
  {
    maxLength: 60,
  },
);

/** Does the steps as workers do: one task of each waits at a time. @returns all answers */
function answersOf(ends: readonly Reservations[], program: readonly { worker: number; kind: string; task: ReadyTask }[]): unknown[] {
  const waiting = new Map<number, ReadyTask>();
  const held = ends.map((): ReadyTask[] => []);
  return program.map(({ worker, kind, task }) => {
    const end = ends[worker] as Reservations;
    if (kind === "release") {
      const released = held[worker]?.shift();
      if (released !== undefined) end.release(released);
    } else if (kind === "withdraw" || kind === "suspend") {
      const given = waiting.get(worker);
      if (given !== undefined) end[kind](given);
      if (kind === "withdraw") waiting.delete(worker);
    } else {
      const asked = waiting.get(worker) ?? task;
      const isAdmitted = end.reserve(asked);
      if (isAdmitted) held[worker]?.push(asked);
      if (isAdmitted) waiting.delete(worker);
      else waiting.set(worker, asked);
      return [isAdmitted, end.waitingCount()];
    }
    return end.waitingCount();
  });
}

test("VirtualReservations admit what those of threads do, and ring whoever fits", () => {
  fc.assert(
    fc.property(steps, (program) => {
      const capacity = { cpus: milliCores(workers), memory: kibibytes(memory) };
      const shared = new SharedReservations(new SharedArrayBuffer(SharedReservations.bytes(workers)), 0, workers);
      const virtual = new VirtualReservations(machines, () => {});
      const ids = Array.from({ length: workers }, (_, worker) => worker);
      const real = ids.map((worker) => new WorkerReservations(shared, worker, capacity, { ring: () => false }));
      expect(
        answersOf(
          ids.map((worker) => virtual.of(worker)),
          program,
        ),
      ).toEqual(answersOf(real, program));
    }),
  );
});

test("VirtualReservations count memory in the unit in which it is given", () => {
  const virtual = new VirtualReservations(
    machines.map((machine) => ({ ...machine, memory: 0.075 })),
    () => {},
  );
  const end = virtual.of(0);
  const third = taskOf(undefined, 0.1);
  for (let round = 0; round < 2; round++) {
    expect([third, third, third, third].map((task) => end.reserve(task))).toEqual([true, true, true, false]);
    for (let held = 0; held < 3; held++) end.release(third);
  }
  expect(virtual.of(1).reserve(taskOf(undefined, 0.31))).toBe(false);
});

test("VirtualReservations ring those that fit now, in the order in which they came, and nobody else", () => {
  const rung: number[] = [];
  const virtual = new VirtualReservations(machines, (worker) => rung.push(worker));
  const ends = [0, 1, 2, 3].map((worker) => virtual.of(worker)) as [Reservations, Reservations, Reservations, Reservations];
  expect(ends[0].reserve(taskOf(4, undefined))).toBe(true);
  for (const [worker, cpus] of [3, 2, 2].entries()) expect(ends[worker + 1]?.reserve(taskOf(cpus, undefined))).toBe(false);
  ends[0].release(taskOf(4, undefined));
  expect(rung).toEqual([1]);
  ends[1].withdraw(taskOf(3, undefined));
  expect(rung).toEqual([1, 2, 3]);
});
