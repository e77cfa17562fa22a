import type { Actor, ActorRef } from "../kernel/actor.js";
import type { DeadLetter, DeadLetters } from "../kernel/dead-letters.js";
import { DataFlowerError } from "../kernel/errors.js";
import type { Directive } from "../kernel/supervision.js";
import type { ActorSystem } from "../kernel/system.js";
import { closedError, startError, undeliveredError } from "./actor-errors.js";
import { copyMessage } from "./copy-message.js";
import { type LocalDefinition, requireDefinition } from "./definition.js";
import { failAsks } from "./failed-asks.js";
import type { Household, Parent } from "./household.js";
import { askMsMax, type Outcome } from "./outcome.js";
import { Ref, type Target } from "./ref.js";
import { Reply } from "./reply.js";
import { Resident } from "./resident.js";
import { type MailboxOptions, resolveSpawnOptions, type SpawnOptions, type SpawnSettings } from "./spawn-settings.js";
import { Timers } from "./timers.js";

/** Told of an error that ended an actor, or that nobody's supervision kept. */
export type OnFailure = (error: unknown, actor: string) => void;

export interface LocalSystemParts {
  /** Gives the turns; nobody else may listen to its dead letters. */
  readonly kernel: ActorSystem;
  /** Makes refs of a class that addRefClass() knows. @defaultValue Ref */
  readonly makeRef?: (target: Target<never>) => Ref<never>;
  /** @defaultValue nobody is told */
  readonly onFailure?: OnFailure;
  /** Told of every dead letter. @defaultValue nobody is */
  readonly onDeadLetter?: (letter: DeadLetter) => void;
  /** An actor has stopped, or an ask ended: its number is free. @defaultValue nobody is told */
  readonly onForgotten?: (target: Target<never>) => void;
  /** Says whether a name that is free here is taken elsewhere. @defaultValue it is not */
  readonly isTaken?: (name: string) => boolean;
  /** Finds an actor of another thread. @defaultValue there is none */
  readonly lookupElsewhere?: (name: string) => Ref<never> | undefined;
  /** For actors that say nothing of their own. */
  readonly mailbox?: MailboxOptions | undefined;
}

/**
 * The actors of one thread as users know them: typed definitions, refs, names, watches, asks and timers, on top of the kernel, which has
 * the mailboxes and the turns. Pure: given the same messages, clock and turns it does the same again.
 */
export class LocalSystem implements Household {
  readonly kernel: ActorSystem;
  readonly timers: Timers;
  readonly makeRef: <Message>(target: Target<Message>) => Ref<Message>;
  readonly #parts: LocalSystemParts;
  readonly #defaults: SpawnSettings;
  readonly #root: ActorRef<never>;
  readonly #named = new Map<string, Target<never> & { readonly ref: Ref<never> }>();
  #spawnedCount = 0;
  #isClosed = false;

  /** @throws DF_OPTION_INVALID */
  constructor(parts: LocalSystemParts) {
    this.kernel = parts.kernel;
    this.timers = new Timers(parts.kernel.clock);
    const makeRef = parts.makeRef ?? ((target) => new Ref(target));
    this.makeRef = <Message>(target: Target<Message>) => makeRef(target) as Ref<Message>; // the ref is of what its target is of
    this.#parts = parts;
    this.#defaults = resolveSpawnOptions({}, parts.mailbox);
    this.#root = this.kernel.spawn<never>("", () => ({ receive() {} }), {
      supervise: (error) => {
        this.report(error, "");
        return "resume";
      },
    });
    this.kernel.deadLetters.listen((letter) => this.#buried(letter));
  }

  get deadLetters(): DeadLetters {
    return this.kernel.deadLetters;
  }

  /**
   * Starts an actor.
   *
   * @param parent whose child it becomes; without one it lives until it is stopped or the system is closed
   * @throws DF_OPTION_INVALID, DF_ACTOR_NAME_TAKEN, DF_ACTOR_FAILED, DF_UNSERIALIZABLE, DF_ACTORS_CLOSED
   */
  spawn<Message, Args>(definition: LocalDefinition<Message, Args>, args: Args, options?: SpawnOptions, parent?: Parent): Ref<Message> {
    requireDefinition(definition);
    if (this.#isClosed) throw closedError();
    const settings = options === undefined ? this.#defaults : resolveSpawnOptions(options, this.#parts.mailbox);
    const name = this.#nameOf(settings.name, parent);
    return this.spawnNamed(definition, args, settings, name, parent);
  }

  /** As spawn(), with a name that is known to be free and settings that are known to be right. */
  spawnNamed<Message, Args>(
    definition: LocalDefinition<Message, Args>,
    args: Args,
    settings: SpawnSettings,
    name: string,
    parent?: Parent,
  ): Ref<Message> {
    const own = definition.isImmutable ? args : copyMessage(args);
    const resident = new Resident<Message, Args>(this, definition, own, settings);
    if (settings.name !== undefined) this.#named.set(name, resident);
    const { mailboxDepthMax, rules } = settings;
    try {
      this.kernel.spawn<Message>(name, (cell) => resident.begin(cell), {
        mailboxDepthMax,
        rules,
        parent: parent?.cell ?? this.#root,
        supervise,
      });
    } catch (error) {
      resident.stopped(); // the kernel has told it nothing
      throw startError(name, error);
    }
    return resident.ref;
  }

  /** The actor of this name, wherever it lives. */
  lookup(name: string): Ref<never> | undefined {
    return this.#named.get(name)?.ref ?? this.#parts.lookupElsewhere?.(name);
  }

  /** Whether an actor of this thread has the name. */
  has(name: string): boolean {
    return this.#named.has(name);
  }

  /**
   * Asks an actor: tells it a message with a ref that takes the answer. It ends in every case: with the answer; DF_ACTOR_STOPPED, DF_MAILBOX_FULL
   * or DF_WORKER_LOST when the message became a dead letter; DF_ACTOR_FAILED when its handler threw; DF_ASK_TIMEOUT.
   *
   * @returns ends it early, with this error
   * @throws DF_OPTION_INVALID, DF_UNSERIALIZABLE, and what `make` throws
   */
  ask<Sent, Answer>(
    target: Target<Sent>,
    make: (replyTo: Ref<Answer>) => Sent,
    timeoutMs: number,
    onEnd: (outcome: Outcome<Answer>) => void,
  ): (error?: unknown) => void {
    if (typeof timeoutMs !== "number" || !(timeoutMs >= 0 && timeoutMs <= askMsMax)) {
      throw new DataFlowerError("DF_OPTION_INVALID", `Cannot ask as the timeout must be 0 to ${askMsMax} ms: found ${String(timeoutMs)}`);
    }
    let release: (() => void) | undefined;
    const ends: { call: (outcome: Outcome<Answer>) => void } = { call: onEnd };
    const reply = new Reply<Answer>(this, target.name, timeoutMs, (outcome) => {
      release?.();
      ends.call(outcome);
    });
    const cancelled = new DataFlowerError(
      "DF_CANCELLED",
      `Cannot get an answer of actor ${target.name} as it must be waited for: it is not`,
    );
    try {
      target.tell(make(reply.ref));
    } catch (error) {
      ends.call = () => {};
      reply.fail(error);
      throw error;
    }
    if (!reply.isOver) release = target.awaitAnswer?.((error) => reply.fail(error));
    return (error = cancelled) => reply.fail(error);
  }

  /** Stops every actor; what waits becomes dead letters, and nobody is spawned any more. Timers go. */
  close(): void {
    this.#isClosed = true;
    this.#root.stop();
    this.timers.close();
  }

  /** For parts: an error that ended an actor, or that nobody kept. */
  report(error: unknown, actor: string): void {
    this.#parts.onFailure?.(error, actor);
  }

  /** For parts: an actor has stopped, or an ask ended. */
  forget(target: Target<never>): void {
    const { name } = target;
    if (this.#named.get(name) === target) this.#named.delete(name);
    this.#parts.onForgotten?.(target);
  }

  #nameOf(own: string | undefined, parent: Parent | undefined): string {
    const path = parent === undefined ? "" : `${parent.name}/`;
    if (own === undefined) {
      this.#spawnedCount += 1;
      return `${path}#${this.#spawnedCount}`;
    }
    const name = path + own;
    if (!this.#named.has(name) && this.#parts.isTaken?.(name) !== true) return name;
    throw new DataFlowerError("DF_ACTOR_NAME_TAKEN", `Cannot spawn an actor as its name must be free: found another actor ${name}`);
  }

  #buried(letter: DeadLetter): void {
    failAsks(letter.message, () => undeliveredError(letter.to, letter.reason));
    this.#parts.onDeadLetter?.(letter);
  }
}

/** One function for all actors, so that none needs a closure of its own. */
function supervise(error: unknown, actor: Actor<never>): Directive {
  return (actor as Resident<never, never>).judge(error); // spawnNamed() spawns nothing else
}
