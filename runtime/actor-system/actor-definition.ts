import { type Behaviour, type DefinitionOptions, type LocalDefinition, makeDefinition } from "../../actors/local/definition.js";
import type { Outcome } from "../../actors/local/outcome.js";
import type { SpawnOptions } from "../../actors/local/spawn-settings.js";
import type { Terminated } from "../../actors/local/terminated.js";
import type { ActorRef } from "./actor-ref.js";

declare const carried: unique symbol;

/** What `spawn` makes actors of: their behaviour, and the types of their messages and start arguments. */
export interface ActorDefinition<in Message, in Args> {
  /** For the compiler alone: there is no such field. */
  readonly [carried]?: (message: Message, args: Args) => void;
}

/** Start arguments and options, as far as an actor has arguments. */
export type SpawnArguments<Args, Options> = undefined extends Args ? [args?: Args, options?: Options] : [args: Args, options?: Options];

/**
 * What an actor may do beside telling. It is good from one start of the actor to its end or its restart; afterwards its timers, watches
 * and asks are gone, and new ones have no effect.
 */
export interface ActorContext<Message> {
  /** The actor itself. */
  readonly self: ActorRef<Message>;
  /** Milliseconds on the system's clock, monotonic. */
  nowMs(): number;
  /**
   * Starts a child on this thread: it stops with this actor, and with each restart of it. What a child escalates is judged as if this actor
   * had thrown it.
   *
   * @throws as `ActorSystem.spawn`; DF_ACTOR_STOPPED when this actor has stopped
   */
  spawn<Sent, Args>(definition: ActorDefinition<Sent, Args>, ...rest: SpawnArguments<Args, SpawnOptions>): ActorRef<Sent>;
  /** An actor by its name, on whatever thread it lives. Its messages are what whoever knows the name says they are. */
  lookup<Sent>(name: string): ActorRef<Sent> | undefined;
  /** Tells the actor itself of the end of another one, in its own words. The answer takes the watch back. */
  watch(actor: ActorRef<never>, toMessage: (end: Terminated) => Message): () => void;
  /** Tells the actor itself a message, not before `ms` have passed. The answer takes it back. */
  after(ms: number, message: Message): () => void;
  /** As `after`, again and again. */
  every(ms: number, message: Message): () => void;
  /** Asks another actor; how that ends is told to the actor itself, in its own words. */
  ask<const Sent, Answer>(
    actor: ActorRef<Sent>,
    make: (replyTo: ActorRef<Answer>) => Sent,
    toMessage: (outcome: Outcome<Answer>) => Message,
    options: { readonly timeoutMs: number },
  ): void;
  /** Stops the actor when it has handled the message at hand. */
  stop(): void;
}

/**
 * Defines an actor.
 *
 * ```ts
 * export const counter = defineActor((context: ActorContext<Add | Sum>, start: number) => {
 *   let sum = start;
 *   return (message) => { … };
 * });
 * ```
 *
 * @param begin called at the actor's start and at every restart; it makes the state, and answers with what handles messages
 * @throws DF_OPTION_INVALID
 */
export function defineActor<Message, Args = undefined>(
  begin: (context: ActorContext<Message>, args: Args) => Behaviour<Message>,
  options?: DefinitionOptions,
): ActorDefinition<Message, Args> {
  // as: a system of this package gives contexts whose refs are ActorRefs, which is all that the two types differ in
  return makeDefinition(begin as unknown as LocalDefinition<Message, Args>["begin"], options) as unknown as ActorDefinition<Message, Args>;
}

/** The same as the actors' own parts know it. */
export function localDefinition<Message, Args>(definition: ActorDefinition<Message, Args>): LocalDefinition<Message, Args> {
  return definition as unknown as LocalDefinition<Message, Args>; // defineActor() made it, or spawn() refuses it
}
