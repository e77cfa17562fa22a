import { assert } from "../../actors/kernel/assert.js";
import type { Clock } from "../../actors/kernel/clock.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Reservations } from "../../actors/ports.js";
import { NODE_TASK } from "../../actors/workflow/graph.js";
import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { FirstFit } from "./first-fit.js";
import { type Machine, memoryTolerance } from "./machine.js";
import { MachineUse } from "./machine-use.js";

/** Cores are counted in thousandths, so that parts of them add up without an error. */
const partsOfCore = 1000;

/** One machine at work. */
interface State {
  readonly machine: Machine;
  readonly use: MachineUse;
  freeParts: number;
  freeMemory: number;
}

/** What an attempt holds of a machine. */
interface Hold {
  readonly machine: number;
  readonly parts: number;
  readonly memory: number;
  readonly sinceMs: number;
  /** Added to its duration. */
  readonly coldStartMs: number;
}

/** Virtual machines that tasks are given to: to the first in the list with room. Counts what they are used for, and what that costs. */
export class VirtualMachines implements Reservations {
  /** Machines are given out only while this is true, so that all that ends in one instant has ended before anything starts in it. */
  isGateOpen = false;
  /** Every task gets its machine here, also one that asks for nothing. */
  readonly reservesAll = true;
  readonly #clock: Clock;
  readonly #states: readonly State[];
  readonly #room: FirstFit;
  /** The room of machines that are idle. */
  readonly #capacity: FirstFit;
  /** Tasks take one core each, whatever they reserve. */
  readonly #countsTasks: boolean;
  readonly #holds = new Map<ReadyTask, Hold>();

  /** @param machines of which all count tasks, or none does */
  constructor(machines: readonly Machine[], clock: Clock) {
    this.#clock = clock;
    this.#countsTasks = machines.every((machine) => machine.countsTasks);
    this.#states = machines.map((machine) => ({
      machine,
      use: new MachineUse(machine),
      freeParts: machine.cores * partsOfCore,
      freeMemory: machine.memory * (1 + memoryTolerance),
    }));
    this.#room = roomOf(this.#states);
    this.#capacity = roomOf(this.#states);
  }

  /** A machine whose cores are all taken starts nothing, not even what reserves none. */
  get isOpen(): boolean {
    return this.isGateOpen && this.#room.mostCores >= (this.#countsTasks ? partsOfCore : 1);
  }

  reserve(task: ReadyTask): boolean {
    const parts = this.#countsTasks ? partsOfCore : partsOf(task.cpus);
    const memory = this.#countsTasks ? 0 : (task.memory ?? 0);
    const machine = this.#room.find(Math.max(1, parts), memory);
    if (machine < 0) return false;
    const state = this.#states[machine] as State; // FirstFit knows no other
    const sinceMs = this.#clock.nowMs();
    this.#holds.set(task, { machine, parts, memory, sinceMs, coldStartMs: state.use.begin(sinceMs) });
    this.#take(machine, parts, memory);
    return true;
  }

  /** There are no other workers. */
  waitingCount(): number {
    return 0;
  }

  /** A task that was refused has left nothing here. */
  suspend(): void {}

  withdraw(): void {}

  release(task: ReadyTask): void {
    const { machine, parts, memory, sinceMs } = this.#holdOf(task);
    this.#holds.delete(task);
    const state = this.#states[machine] as State;
    state.use.end(sinceMs, this.#clock.nowMs(), parts / partsOfCore);
    this.#take(machine, -parts, -memory);
  }

  /** @throws DF_SPEC_INVALID for a workflow with a task that no machine has room for, even when it is idle */
  requireRoom({ name, graph }: LoadedWorkflow): void {
    if (this.#countsTasks) return;
    for (let node = 0; node < graph.nodeCount; node++) {
      const { cpus = 1, memoryBytes = 0 } = graph.options(node);
      if (graph.kind[node] !== NODE_TASK || this.#capacity.find(partsOf(cpus), memoryBytes) >= 0) continue;
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot simulate workflow ${name} as each task must fit on some machine: found ${graph.name(node)}, which takes ${cpus} cores and ${memoryBytes} bytes`,
      );
    }
  }

  /** Position of the machine that a task was given to. */
  machineOf(task: ReadyTask): number {
    return this.#holdOf(task).machine;
  }

  /** What is added to the attempt's duration, in ms. */
  coldStartMs(task: ReadyTask): number {
    return this.#holdOf(task).coldStartMs;
  }

  /** See MachineUse. */
  failsAt(task: ReadyTask, random: () => number): number {
    return (this.#states[this.machineOf(task)] as State).use.failsAt(random);
  }

  /** For all attempts that have ended. */
  get costUsd(): number {
    return this.#states.reduce((sum, { use }) => sum + use.costUsd, 0);
  }

  /** Time that cores have executed attempts that have ended, in ms. */
  get busyCoreMs(): number {
    return this.#states.reduce((sum, { use }) => sum + use.busyCoreMs, 0);
  }

  #take(machine: number, parts: number, memory: number): void {
    const state = this.#states[machine] as State;
    state.freeParts -= parts;
    state.freeMemory -= memory;
    // Nothing is taken: what sums of fractions have left over is forgotten.
    if (state.use.isIdle) state.freeMemory = state.machine.memory * (1 + memoryTolerance);
    this.#room.set(machine, state.freeParts, state.freeMemory);
  }

  #holdOf(task: ReadyTask): Hold {
    const hold = this.#holds.get(task);
    assert(hold !== undefined, "an attempt has a machine");
    return hold;
  }
}

const partsOf = (cores: number): number => Math.round(cores * partsOfCore);

function roomOf(states: readonly State[]): FirstFit {
  const room = new FirstFit(states.length);
  states.forEach(({ freeParts, freeMemory }, machine) => void room.set(machine, freeParts, freeMemory));
  return room;
}
