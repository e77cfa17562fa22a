import type { ActorRef } from "../kernel/actor.js";
import type { DeadLetters } from "../kernel/dead-letters.js";
import type { LocalDefinition } from "./definition.js";
import type { Outcome } from "./outcome.js";
import type { Ref, Target } from "./ref.js";
import type { SpawnOptions } from "./spawn-settings.js";
import type { Timers } from "./timers.js";

/** An actor that others are children of. */
export interface Parent {
  readonly name: string;
  /** The kernel's address of it. */
  readonly cell: ActorRef<never>;
}

/** What the actors and asks of a system need of it; see LocalSystem. */
export interface Household {
  readonly timers: Timers;
  readonly deadLetters: DeadLetters;
  makeRef<Message>(target: Target<Message>): Ref<Message>;
  spawn<Message, Args>(definition: LocalDefinition<Message, Args>, args: Args, options: SpawnOptions, parent: Parent): Ref<Message>;
  lookup(name: string): Ref<never> | undefined;
  ask<Sent, Answer>(
    target: Target<Sent>,
    make: (replyTo: Ref<Answer>) => Sent,
    timeoutMs: number,
    onEnd: (outcome: Outcome<Answer>) => void,
  ): (error?: unknown) => void;
  /** An error that ended an actor, or that nobody kept. */
  report(error: unknown, actor: string): void;
  /** An actor has stopped, or an ask ended. */
  forget(target: Target<never>): void;
}
