import type { ActorRef } from "../../actors/kernel/actor.js";
import type { TaskMessage } from "../../actors/messages.js";
import type { Executor } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { Cost } from "./dispatch-costs.js";
import type { MachineUse } from "./machine-use.js";
import type { SimulatedWork } from "./simulated-work.js";
import type { VirtualClock } from "./virtual-clock.js";

/** What a failing attempt throws. */
const failure = "the virtual machine failed it";

export interface VirtualCoreParts {
  readonly clock: VirtualClock;
  /** The machine that it is a core of. */
  readonly machine: MachineUse;
  /** Whether an attempt takes one core, whatever it reserves. */
  readonly countsTasks: boolean;
  readonly dispatchMs: Cost;
  /** Numbers from 0 up to 1. */
  readonly costRandom: () => number;
  readonly failureRandom: () => number;
  /** Called when an attempt starts. */
  readonly onStart: (task: ReadyTask) => void;
}

interface Attempt {
  /** When it started; NaN: it is being dispatched. */
  startedMs: number;
  /** Takes back what comes next. */
  takeBack: () => void;
}

/** One core of a virtual machine. An attempt takes its time on it and ends by a message, as one does that gave a promise. */
export class VirtualCore implements Executor {
  readonly value = undefined;
  /** Hears of what has ended. Set once, by whoever puts the parts together. */
  taskActor!: Pick<ActorRef<TaskMessage>, "tell">;
  readonly #parts: VirtualCoreParts;
  readonly #attempts = new Map<ReadyTask, Attempt>();

  constructor(parts: VirtualCoreParts) {
    this.#parts = parts;
  }

  start(task: ReadyTask): "pending" {
    const { clock, dispatchMs, costRandom } = this.#parts;
    const attempt: Attempt = { startedMs: Number.NaN, takeBack: () => {} };
    this.#attempts.set(task, attempt);
    const ms = dispatchMs(costRandom);
    if (ms > 0) attempt.takeBack = clock.after(ms, () => this.#begin(task, attempt));
    else this.#begin(task, attempt);
    return "pending";
  }

  abort(task: ReadyTask): void {
    const attempt = this.#attempts.get(task);
    if (attempt === undefined) return; // it has ended, and the message is on its way
    attempt.takeBack();
    this.#end(task, attempt);
  }

  lastHeartbeat(): undefined {
    return undefined;
  }

  #begin(task: ReadyTask, attempt: Attempt): void {
    const { clock, machine, failureRandom, onStart } = this.#parts;
    onStart(task);
    attempt.startedMs = clock.nowMs();
    const coldStartMs = machine.begin(attempt.startedMs);
    const durationMs = (task.run.workflow as SimulatedWork).simulated.durationMs(task.node); // every workflow here is one
    const share = machine.failsAt(failureRandom);
    attempt.takeBack = clock.after(coldStartMs + durationMs * share, () => {
      this.#end(task, attempt);
      this.taskActor.tell({ kind: "settled", task, isOk: share === 1, value: share === 1 ? undefined : failure, heartbeat: undefined });
    });
  }

  #end(task: ReadyTask, { startedMs }: Attempt): void {
    const { clock, machine, countsTasks } = this.#parts;
    this.#attempts.delete(task);
    if (startedMs >= 0) machine.end(startedMs, clock.nowMs(), countsTasks ? 1 : task.cpus);
  }
}
