import { DataFlowerError } from "../../actors/kernel/errors.js";
import { noReservations } from "../../actors/lone-ports.js";
import type { Reservations } from "../../actors/ports.js";
import { type Graph, NODE_TASK } from "../../actors/workflow/graph.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { Amounts } from "../memory/reservations.js";
import { milliCores } from "../worker/worker-reservations.js";
import { type Machine, memoryTolerance } from "./machine.js";

/**
 * The cores and the memory of all machines together, reserved by the workers of one engine by the rule of its threads (memory/reservations.ts):
 * first come, first served, and a later one goes ahead only where both fit. Nothing is written behind anybody's back here, so sums are
 * kept instead of being made anew, and nobody is woken in vain, however many workers there are. Memory counts in the unit in which it
 * is given, whatever that is.
 */
export class VirtualReservations {
  readonly #capacity: Amounts;
  /** Tasks are counted, and what they reserve is not looked at. */
  readonly #isCounting: boolean;
  readonly #ring: (worker: number) => void;
  /** By worker: what its first task waits for, in the order of arrival. */
  readonly #waiting = new Map<number, Amounts>();
  #taken: Amounts = nothing;
  /** Attempts that have been admitted and have not been released. */
  #admitted = 0;

  /**
   * @param machines of which all count tasks, or none does
   * @param ring tells a worker that waits for room to look
   */
  constructor(machines: readonly Machine[], ring: (worker: number) => void) {
    const cores = machines.reduce((sum, machine) => sum + machine.cores, 0);
    const memory = machines.reduce((sum, machine) => sum + machine.memory, 0);
    this.#capacity = { cpus: milliCores(cores), memory: memory * (1 + memoryTolerance) };
    this.#ring = ring;
    this.#isCounting = machines.every(({ countsTasks }) => countsTasks);
  }

  /** Those of one worker. */
  of(worker: number): Reservations {
    if (this.#isCounting) return noReservations;
    return {
      isOpen: true,
      reservesAll: false,
      waitingCount: () => this.#waiting.size - (this.#waiting.has(worker) ? 1 : 0),
      reserve: (task) => this.#reserve(worker, amountsOf(task)),
      suspend: () => this.#suspend(worker),
      withdraw: () => this.#withdraw(worker),
      release: (task) => this.#release(worker, amountsOf(task)),
    };
  }

  /** @throws DF_SPEC_INVALID for a workflow with a task that asks for more than there is */
  requireRoom({ name, graph }: LoadedWorkflow): void {
    if (this.#isCounting) return;
    for (let node = 0; node < graph.nodeCount; node++) {
      if (graph.kind[node] !== NODE_TASK || this.#fits(amountsAt(graph, node), nothing)) continue;
      const { cpus = 0, memoryBytes = 0 } = graph.options(node);
      const found = `${graph.name(node)}, which takes ${cpus} cores and ${memoryBytes} bytes`;
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot simulate workflow ${name} as each task must fit on all machines together: found ${found}`,
      );
    }
  }

  #reserve(worker: number, amounts: Amounts): boolean {
    if (!this.#fits(amounts, this.#before(worker))) {
      this.#waiting.set(worker, amounts); // one that waits already keeps its place
      return false;
    }
    this.#waiting.delete(worker);
    this.#taken = sum(this.#taken, amounts);
    this.#admitted += 1;
    return true;
  }

  #suspend(worker: number): void {
    if (!this.#waiting.has(worker)) return;
    this.#waiting.set(worker, nothing);
    this.#ringThoseThatFit(worker);
  }

  #withdraw(worker: number): void {
    if (this.#waiting.delete(worker)) this.#ringThoseThatFit(worker);
  }

  #release(worker: number, { cpus, memory }: Amounts): void {
    this.#admitted -= 1;
    // Nothing is taken: what sums of fractions have left over is forgotten.
    this.#taken = this.#admitted === 0 ? nothing : sum(this.#taken, { cpus: -cpus, memory: -memory });
    this.#ringThoseThatFit(worker);
  }

  /** What is taken, and what those wait for that came before a worker; before one that does not wait, all of them. */
  #before(worker: number): Amounts {
    let before = this.#taken;
    for (const [other, amounts] of this.#waiting) {
      if (other === worker) break;
      before = sum(before, amounts);
    }
    return before;
  }

  #ringThoseThatFit(except: number): void {
    let before = this.#taken;
    for (const [worker, amounts] of this.#waiting) {
      if (worker !== except && this.#fits(amounts, before)) this.#ring(worker);
      before = sum(before, amounts);
    }
  }

  /** Whoever wants no memory need not care for it, nor for cores. */
  #fits({ cpus, memory }: Amounts, before: Amounts): boolean {
    return (cpus === 0 || before.cpus + cpus <= this.#capacity.cpus) && (memory === 0 || before.memory + memory <= this.#capacity.memory);
  }
}

const nothing: Amounts = { cpus: 0, memory: 0 };

const amountsOf = ({ run, node }: ReadyTask): Amounts => amountsAt(run.workflow.graph, node);

/** What a task reserves. */
function amountsAt(graph: Pick<Graph, "options">, node: number): Amounts {
  const { cpus = 0, memoryBytes = 0 } = graph.options(node);
  return { cpus: milliCores(cpus), memory: memoryBytes };
}

const sum = (one: Amounts, other: Amounts): Amounts => ({ cpus: one.cpus + other.cpus, memory: one.memory + other.memory });
