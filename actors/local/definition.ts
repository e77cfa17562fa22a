import type { Actor } from "../kernel/actor.js";
import { DataFlowerError } from "../kernel/errors.js";
import type { Supervise } from "../kernel/supervision.js";
import { describe } from "../kernel/value-refusal.js";
import type { Outcome } from "./outcome.js";
import type { Ref } from "./ref.js";
import type { SpawnOptions } from "./spawn-settings.js";
import type { Terminated } from "./terminated.js";

/** What an actor does: a handler, or an object with one. Handlers are synchronous; what ends later comes back as a message. */
export type Behaviour<Message> = ((message: Message) => void) | Actor<Message>;

/** Makes what an actor does, at first and at every restart: it is the place for the actor's state. */
export type Begin<Message, Args, Context> = (context: Context, args: Args) => Behaviour<Message>;

export interface DefinitionOptions {
  /**
   * The messages and arguments of this actor are never changed by anybody: within a thread they are handed over as they are instead of
   * copied, and need not be data. Between threads they are data, as any message. @defaultValue false
   */
  readonly immutable?: boolean;
  /** What becomes of the actor when its handler throws, by what it threw, unless whoever spawns it says so. Must not throw. @defaultValue it stops */
  readonly supervise?: Supervise;
}

/**
 * What an actor may do beside telling. It is good from one start of the actor to its end or its restart; afterwards its timers, watches
 * and asks are gone, and new ones have no effect.
 */
export interface LocalContext<Message> {
  /** The actor itself. */
  readonly self: Ref<Message>;
  /** Milliseconds on the system's clock. */
  nowMs(): number;
  /** Starts a child: it stops with this actor, and with each restart of it. What a child escalates is judged as if this actor had thrown it. */
  spawn<Sent, Args>(definition: LocalDefinition<Sent, Args>, args: Args, options?: SpawnOptions): Ref<Sent>;
  /** An actor by its name. */
  lookup(name: string): Ref<never> | undefined;
  /** Tells the actor itself of the end of another one, in its own words. The answer takes the watch back. */
  watch(actor: Ref<never>, toMessage: (end: Terminated) => Message): () => void;
  /** Tells the actor itself a message, not before `ms` have passed. The answer takes it back. */
  after(ms: number, message: Message): () => void;
  /** As `after`, again and again. */
  every(ms: number, message: Message): () => void;
  /** Asks another actor; how that ends is told to the actor itself, in its own words. */
  ask<const Sent, Answer>(
    actor: Ref<Sent>,
    make: (replyTo: Ref<Answer>) => Sent,
    toMessage: (outcome: Outcome<Answer>) => Message,
    options: { readonly timeoutMs: number },
  ): void;
  /** Stops the actor when it has handled the message at hand. */
  stop(): void;
}

/** What spawn() makes actors of. */
export interface LocalDefinition<Message, Args> {
  readonly begin: Begin<Message, Args, LocalContext<Message>>;
  readonly isImmutable: boolean;
  readonly supervise: Supervise | undefined;
}

const definitions = new WeakSet<object>();

/** @throws DF_OPTION_INVALID */
export function makeDefinition<Message, Args>(
  begin: LocalDefinition<Message, Args>["begin"],
  { immutable = false, supervise }: DefinitionOptions = {},
): LocalDefinition<Message, Args> {
  requireFunction("begin", begin);
  if (supervise !== undefined) requireFunction("supervise", supervise);
  if (typeof immutable !== "boolean") refuse("immutable must be true or false", immutable);
  const definition = Object.freeze({ begin, isImmutable: immutable, supervise });
  definitions.add(definition);
  return definition;
}

/** Whether a value is what makeDefinition() returned, in this thread and this copy of the package. */
export function isDefinition(value: unknown): value is LocalDefinition<never, never> {
  return typeof value === "object" && value !== null && definitions.has(value);
}

/** @throws DF_OPTION_INVALID */
export function requireDefinition(value: unknown): void {
  if (isDefinition(value)) return;
  throw new DataFlowerError(
    "DF_OPTION_INVALID",
    `Cannot spawn an actor as its definition must be what defineActor() returned: found ${describe(value)}`,
  );
}

function requireFunction(name: string, value: unknown): void {
  if (typeof value !== "function") refuse(`${name} must be a function`, value);
}

function refuse(rule: string, value: unknown): never {
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot define an actor as ${rule}: found ${describe(value)}`);
}
