import type { ActorRef } from "../../actors/kernel/actor.js";
import type { TaskMessage } from "../../actors/messages.js";
import type { Executor } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { SimulatedWork } from "./simulated-work.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualMachines } from "./virtual-machines.js";

/** What a failing attempt throws. */
const failure = "the virtual machine failed it";

export interface VirtualExecutorParts {
  readonly clock: VirtualClock;
  readonly machines: VirtualMachines;
  /** Numbers from 0 up to 1: which attempts fail, and when. */
  readonly random: () => number;
  /** Called when an attempt starts. */
  readonly onStart: (task: ReadyTask, nowMs: number) => void;
}

/** Executes attempts by letting their time pass. Each one ends by a message, as one does that gave a promise. */
export class VirtualExecutor implements Executor {
  readonly value = undefined;
  /** Hears of what has ended. */
  taskActor!: Pick<ActorRef<TaskMessage>, "tell">;
  readonly #parts: VirtualExecutorParts;
  /** By attempt under way: takes back its end. */
  readonly #takeBack = new Map<ReadyTask, () => void>();

  constructor(parts: VirtualExecutorParts) {
    this.#parts = parts;
  }

  start(task: ReadyTask): "pending" {
    const { clock, machines, random, onStart } = this.#parts;
    onStart(task, clock.nowMs());
    const durationMs = (task.run.workflow as SimulatedWork).simulated.durationMs(task.node); // every workflow here is one
    const share = machines.failsAt(task, random);
    const untilEndMs = machines.coldStartMs(task) + durationMs * share;
    this.#takeBack.set(
      task,
      clock.after(untilEndMs, () => this.#end(task, share === 1)),
    );
    return "pending";
  }

  abort(task: ReadyTask): void {
    this.#takeBack.get(task)?.();
    this.#takeBack.delete(task);
  }

  lastHeartbeat(): undefined {
    return undefined;
  }

  #end(task: ReadyTask, isOk: boolean): void {
    this.#takeBack.delete(task);
    this.taskActor.tell({ kind: "settled", task, isOk, value: isOk ? undefined : failure, heartbeat: undefined });
  }
}
