import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Reservations } from "../../actors/ports.js";
import { noReservations } from "../../actors/scheduling/no-reservations.js";
import { NODE_TASK } from "../../actors/workflow/graph.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { type Amounts, reservedMax, Reservations as SharedReservations } from "../memory/reservations.js";
import { kibibytes, milliCores, WorkerReservations } from "../worker/worker-reservations.js";
import type { Machine } from "./machine.js";

/** The cores and the memory of all machines together, reserved by the workers of one engine in the way of its threads. */
export class VirtualReservations {
  readonly #cores: number;
  readonly #memory: number;
  readonly #capacity: Amounts;
  /** undefined: tasks are counted, and what they reserve is not looked at. */
  readonly #shared: SharedReservations | undefined;
  readonly #ring: (worker: number) => void;

  /**
   * @param machines of which all count tasks, or none does
   * @param ring tells a worker that waits for room to look
   */
  constructor(machines: readonly Machine[], ring: (worker: number) => void) {
    this.#cores = machines.reduce((sum, { cores }) => sum + cores, 0);
    this.#memory = machines.reduce((sum, { memory }) => sum + memory, 0);
    this.#capacity = { cpus: milliCores(this.#cores), memory: Math.min(reservedMax, kibibytes(this.#memory)) };
    this.#ring = ring;
    const isCounting = machines.every(({ countsTasks }) => countsTasks);
    this.#shared = isCounting ? undefined : new SharedReservations(bufferFor(this.#cores), 0, this.#cores);
  }

  /** Those of one worker. */
  of(worker: number): Reservations {
    if (this.#shared === undefined) return noReservations;
    return new WorkerReservations(this.#shared, worker, this.#capacity, { ring: this.#ring });
  }

  /** @throws DF_SPEC_INVALID for a workflow with a task that asks for more than there is */
  requireRoom({ name, graph }: LoadedWorkflow): void {
    if (this.#shared === undefined) return;
    for (let node = 0; node < graph.nodeCount; node++) {
      const { cpus = 0, memoryBytes = 0 } = graph.options(node);
      if (graph.kind[node] !== NODE_TASK || (cpus <= this.#cores && memoryBytes <= this.#memory)) continue;
      const found = `${graph.name(node)}, which takes ${cpus} cores and ${memoryBytes} bytes`;
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot simulate workflow ${name} as each task must fit on all machines together: found ${found}`,
      );
    }
  }
}

const bufferFor = (workers: number): SharedArrayBuffer => new SharedArrayBuffer(SharedReservations.bytes(workers));
