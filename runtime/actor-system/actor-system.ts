import type { SpawnOptions } from "../../actors/local/spawn-settings.js";
import type { Terminated } from "../../actors/local/terminated.js";
import type { Duration } from "../authoring/quantity.js";
import type { ActorDefinition, SpawnArguments } from "./actor-definition.js";
import type { ActorRef } from "./actor-ref.js";
import type { DeadLetterStream } from "./dead-letter-stream.js";

/** Where a worker finds an actor's definition: functions do not cross threads. */
export interface ActorSource {
  /** `file:` URL or path of the module that exports it: `import.meta.url` in the module itself. It must load without side effects. */
  readonly module: string;
  /** Name of the export. */
  readonly export: string;
}

export interface CloseOptions {
  /** How long actors may go on until none of them has a message. @defaultValue "1s" */
  readonly grace?: Duration;
}

/** Messages and start arguments of a definition. */
export type MessageOf<Definition> = Definition extends ActorDefinition<infer Message, never> ? Message : never;
export type ArgsOf<Definition> = Definition extends ActorDefinition<never, infer Args> ? Args : never;

/** Actors on the calling thread and on workers. */
export interface Actors {
  /**
   * Starts an actor on the calling thread.
   *
   * @throws DF_OPTION_INVALID, DF_ACTOR_NAME_TAKEN, DF_ACTOR_FAILED when it does not begin, DF_UNSERIALIZABLE when its arguments are no data,
   *   DF_ACTORS_CLOSED
   */
  spawn<Message, Args>(definition: ActorDefinition<Message, Args>, ...rest: SpawnArguments<Args, SpawnOptions>): ActorRef<Message>;
  /**
   * Starts an actor on a worker, by the module and the name of the definition's export: `spawnOn<typeof counter>(0, { module, export: "counter" })`.
   *
   * Should the worker's thread end, an actor whose supervision says "restart" begins again on its successor, with the same arguments and
   * the same ref; what it had in memory is gone, and so are the messages that waited.
   *
   * @param worker its number, or "any": each in turn
   * @throws what `spawn` throws, DF_MODULE_NOT_FOUND, DF_MODULE_FAILED, DF_MODULE_NO_ACTOR, DF_TYPESCRIPT_UNSUPPORTED, DF_WORKER_LOST
   */
  spawnOn<Definition extends ActorDefinition<never, never>>(
    worker: number | "any",
    source: ActorSource,
    ...rest: SpawnArguments<ArgsOf<Definition>, SpawnOptions>
  ): Promise<ActorRef<MessageOf<Definition>>>;
  /** An actor by its name, on whatever thread it lives. Its messages are what whoever knows the name says they are. */
  lookup<Message>(name: string): ActorRef<Message> | undefined;
  /** Calls the listener once when the actor ends, at once where it has ended. The answer takes the watch back. */
  watch(actor: ActorRef<never>, listener: (end: Terminated) => void): () => void;
  /** What reached nobody. */
  readonly deadLetters: DeadLetterStream;
  /**
   * Closes the system: nobody is spawned any more; actors go on until none of them has a message, or the grace is over; then all stop, what
   * waits becomes dead letters, and the threads end.
   */
  close(options?: CloseOptions): Promise<void>;
}
