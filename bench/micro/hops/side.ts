import type { Actor, ActorRef } from "../../../actors/kernel/actor.js";
import { escalateOnFailure } from "../../../actors/kernel/supervision.js";
import { ActorSystem } from "../../../actors/kernel/system.js";
import type { CheckpointMessage, SchedulerMessage } from "../../../actors/messages.js";
import type { Regions } from "../../../runtime/memory/regions.js";
import { after, nowMs } from "../../../runtime/observe/system-clock.js";
import { Bells } from "../../../runtime/worker/bells.js";
import { threadEventLoop } from "../../../runtime/worker/event-loop.js";
import { type Link, Links } from "../../../runtime/worker/links.js";
import { WorkerLoop } from "../../../runtime/worker/loop.js";
import { SpinPolicy } from "../../../runtime/worker/spin-policy.js";
import { LapStopwatch } from "../../../runtime/worker/stopwatch.js";

export interface SideParts {
  readonly regions: Regions;
  /** Number of this thread. */
  readonly me: number;
  readonly link: Link;
  /** Longest spin before it sleeps, in µs; 0: it sleeps at once. */
  readonly spinUs: number;
  /** Takes in what has come; true when there was something. */
  readonly drain: () => boolean;
}

/** One thread of a pair. It waits, sleeps and is woken as a worker is: by the engine's own loop, bells, ports and actors. It has no tasks. */
export class Side {
  readonly bells: Bells;
  readonly #system: ActorSystem;
  readonly #links: Links;
  readonly #loop: WorkerLoop;

  constructor({ regions, me, link, spinUs, drain }: SideParts) {
    const { doorbells } = regions;
    this.#links = new Links(doorbells, undefined, () => this.#loop.wake());
    this.#links.adopt(link);
    this.bells = new Bells(doorbells, this.#links, regions.plan.workers);
    this.#system = new ActorSystem({ clock: { nowMs, after }, onRunnable: () => this.#loop.poke() });
    this.#loop = new WorkerLoop({
      worker: me,
      system: this.#system,
      scheduler: this.spawn<SchedulerMessage>("scheduler", () => {}),
      checkpoint: this.spawn<CheckpointMessage>("checkpoint", () => {}),
      doorbells,
      watch: new LapStopwatch(),
      spin: new SpinPolicy(spinUs, doorbells),
      eventLoop: threadEventLoop,
      drain,
      isBlocked: () => false,
      isOccupied: () => false,
      sweep() {},
      endTurn() {},
      onFailed(error) {
        throw error;
      },
    });
  }

  /** What `receive` throws ends the process. */
  spawn<Message>(name: string, receive: Actor<Message>["receive"]): ActorRef<Message> {
    return this.#system.spawn<Message>(name, () => ({ receive }), { supervise: escalateOnFailure });
  }

  begin(): void {
    this.#loop.begin();
  }

  close(): void {
    this.#loop.stop();
    this.#links.close();
  }
}
