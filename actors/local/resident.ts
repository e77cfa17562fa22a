import type { Actor, ActorRef, SpawnedRef } from "../kernel/actor.js";
import type { DataFlowerError } from "../kernel/errors.js";
import { Mailbox } from "../kernel/mailbox.js";
import type { Directive } from "../kernel/supervision.js";
import { handlerError, undeliveredError } from "./actor-errors.js";
import { copyMessage } from "./copy-message.js";
import type { LocalDefinition } from "./definition.js";
import { failAsks } from "./failed-asks.js";
import type { Household } from "./household.js";
import { Life } from "./life.js";
import type { Ref, Target } from "./ref.js";
import { restartsError, type SpawnSettings } from "./spawn-settings.js";
import type { Terminated, Watcher } from "./terminated.js";

/** Messages that wait for room in one mailbox, each with its sender; more are refused. */
export const sendersWaitingMax = 1 << 20;

interface Waiting<Message> {
  readonly message: Message;
  readonly onEnd: (failure: DataFlowerError | undefined) => void;
}

/**
 * An actor of this thread. It stands in front of its behaviour: the kernel's cell gives it turns and judges what it throws, and it keeps
 * what the kernel does not know of: whoever watches, whoever waits for room, what ends with a life.
 */
export class Resident<Message, Args> implements Actor<Message>, Target<Message> {
  readonly ref: Ref<Message>;
  address = 0;
  readonly #system: Household;
  readonly #definition: LocalDefinition<Message, Args>;
  readonly #args: Args;
  readonly #settings: SpawnSettings;
  /** Set by begin(), which spawning calls. */
  #cell!: SpawnedRef<Message>;
  #life: Life<Message> | undefined;
  /** None while a life begins. */
  #behaviour: Actor<Message> | undefined;
  #waiting: Mailbox<Waiting<Message>> | undefined;
  #watchers: Set<Watcher> | undefined;
  /** Why it stops, when it fails. */
  #failure: { readonly error: unknown } | undefined;
  #end: Terminated | undefined;

  constructor(system: Household, definition: LocalDefinition<Message, Args>, args: Args, settings: SpawnSettings) {
    this.#system = system;
    this.#definition = definition;
    this.#args = args;
    this.#settings = settings;
    this.ref = system.makeRef(this);
  }

  get name(): string {
    return this.#cell.name;
  }

  /** The kernel's address of it, for children. */
  get cell(): ActorRef<never> {
    return this.#cell;
  }

  /** Starts its first life, or another one. @throws what its definition throws */
  begin(cell: ActorRef<Message>): this {
    this.#cell = cell as SpawnedRef<Message>; // what it becomes when spawning has succeeded
    const life = new Life<Message>(this.#system, this);
    this.#life = life;
    try {
      const { begin, isImmutable } = this.#definition;
      const behaviour = begin(life, isImmutable ? this.#args : copyMessage(this.#args));
      this.#behaviour = typeof behaviour === "function" ? { receive: behaviour } : behaviour;
    } catch (error) {
      life.end();
      throw error;
    }
    return this;
  }

  receive(message: Message): void {
    try {
      (this.#behaviour as Actor<Message>).receive(message); // the kernel gives no turns while a life begins
    } catch (error) {
      failAsks(message, () => handlerError(this.name, error));
      if (this.#waiting !== undefined) this.#letIn();
      throw error;
    }
    if (this.#waiting !== undefined) this.#letIn();
  }

  tell(message: Message): boolean {
    return this.accept(this.#definition.isImmutable ? message : copyMessage(message));
  }

  /** As tell(), with a message that nobody else holds. */
  accept(message: Message): boolean {
    if (this.#waiting === undefined || this.#end !== undefined) return this.#cell.tell(message);
    this.#system.deadLetters.accept(this.name, message, "full"); // it would overtake those that wait
    return false;
  }

  deliver(message: Message, onEnd: Waiting<Message>["onEnd"]): void {
    this.acceptLater(this.#definition.isImmutable ? message : copyMessage(message), onEnd);
  }

  /** As deliver(), with a message that nobody else holds. */
  acceptLater(message: Message, onEnd: Waiting<Message>["onEnd"]): void {
    if (this.#end !== undefined) {
      this.#cell.tell(message);
      onEnd(undeliveredError(this.name, "stopped"));
    } else if (this.#waiting === undefined && (this.#cell.hasRoom || this.#settings.rules.overflow === "drop-oldest")) {
      onEnd(this.#cell.tell(message) ? undefined : undeliveredError(this.name, "stopped"));
    } else {
      this.#waiting ??= new Mailbox(sendersWaitingMax);
      if (this.#waiting.offer({ message, onEnd })) return;
      this.#system.deadLetters.accept(this.name, message, "full");
      onEnd(undeliveredError(this.name, "full"));
    }
  }

  stop(): void {
    this.#cell.stop();
  }

  watch(watcher: Watcher): () => void {
    if (this.#end !== undefined) {
      watcher.terminated(this.#end);
      return () => {};
    }
    this.#watchers ??= new Set();
    this.#watchers.add(watcher);
    return () => this.#watchers?.delete(watcher);
  }

  fail(): void {}

  /** What becomes of it when it, or a child that escalates, has thrown. */
  judge(error: unknown): Directive {
    const directive = this.#settings.directive ?? this.#ownDirective(error);
    if (directive === "stop" || directive === "escalate") this.#failure = { error };
    if (directive === "stop") this.#system.report(error, this.name);
    if (directive === "restart") this.#endLife(); // before its children stop, which it may watch
    return directive;
  }

  /** It has failed more often than it may. @returns what is escalated */
  giveUp(error: unknown): DataFlowerError {
    const givenUp = restartsError(this.name, this.#settings.rules, error);
    this.#failure = { error: givenUp };
    return givenUp;
  }

  stopped(): void {
    const end: Terminated =
      this.#failure === undefined
        ? { actor: this.name, reason: "stopped", isRestarted: false }
        : { actor: this.name, reason: "failed", error: this.#failure.error, isRestarted: false };
    this.#end = end;
    this.#endLife();
    this.#refuseWaiting();
    this.#system.forget(this);
    const watchers = this.#watchers;
    this.#watchers = undefined;
    for (const watcher of watchers ?? []) watcher.terminated(end);
  }

  #ownDirective(error: unknown): Directive {
    try {
      return this.#definition.supervise?.(error) ?? "stop";
    } catch (thrown) {
      this.#system.report(thrown, this.name);
      return "stop";
    }
  }

  #endLife(): void {
    this.#life?.end();
    const behaviour = this.#behaviour;
    this.#behaviour = undefined;
    try {
      behaviour?.stopped?.();
    } catch (error) {
      this.#system.report(error, this.name);
    }
  }

  /** A message has left the mailbox: those that wait longest take the room. */
  #letIn(): void {
    const waiting = this.#waiting;
    while (waiting !== undefined && waiting.count > 0 && this.#cell.hasRoom) {
      const { message, onEnd } = waiting.take() as Waiting<Message>;
      this.#cell.tell(message);
      onEnd(undefined);
    }
    if (waiting?.count === 0) this.#waiting = undefined;
  }

  #refuseWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    while (waiting !== undefined && waiting.count > 0) {
      const { message, onEnd } = waiting.take() as Waiting<Message>;
      this.#system.deadLetters.accept(this.name, message, "stopped");
      onEnd(undeliveredError(this.name, "stopped"));
    }
  }
}
