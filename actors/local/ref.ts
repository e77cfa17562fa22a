import type { DataFlowerError } from "../kernel/errors.js";
import { addKind, type Kind } from "../kernel/value-kinds.js";
import type { Watcher } from "./terminated.js";

/** Where what is told to a ref goes: an actor of this thread, one of another thread, or the end of an ask. */
export interface Target<in Message> {
  readonly name: string;
  /** Number that other threads know it by; 0: none yet. Set once, by whoever gives out the numbers. */
  address: number;
  /** @throws DF_UNSERIALIZABLE @returns false when the message was refused; it is a dead letter then */
  tell(message: Message): boolean;
  /**
   * Delivers the message as soon as there is room, in the order of the calls.
   *
   * @param onEnd called once: when it has been put into the mailbox, or with the reason why it never will be
   * @throws DF_UNSERIALIZABLE
   */
  deliver(message: Message, onEnd: (failure: DataFlowerError | undefined) => void): void;
  stop(): void;
  /** Has the watcher told once of the actor's end, at once where it has ended. The answer takes the watcher back. */
  watch(watcher: Watcher): () => void;
  /**
   * Somebody awaits an answer to what he has just told it: `fail` is called when it cannot come any more, as far as only the target knows
   * that. What is answered tells that the wait is over.
   */
  awaitAnswer?(fail: (error: DataFlowerError) => void): () => void;
  /** Ends an ask without an answer; without effect on what is no ask. */
  fail(error: DataFlowerError): void;
}

/** The address of an actor: all that anybody else holds of it. It travels in messages, across threads too. */
export class Ref<in Message> {
  readonly #target: Target<Message>;

  constructor(target: Target<Message>) {
    this.#target = target;
  }

  get name(): string {
    return this.#target.name;
  }

  tell(message: Message): boolean {
    return this.#target.tell(message);
  }

  stop(): void {
    this.#target.stop();
  }

  toString(): string {
    return `actor ${this.name}`;
  }

  /** For parts of DataFlower: users see nothing behind a ref. */
  static targetOf<Message>(ref: Ref<Message>): Target<Message> {
    return ref.#target;
  }

  static isRef(value: unknown): value is Ref<never> {
    return typeof value === "object" && value !== null && #target in value;
  }
}

/** Refs are data in the messages of actors only: the input of a workflow may hold none. */
let isTravelling = false;

/** Refs are data while `act` runs. */
export function withRefs<T>(act: () => T): T {
  const before = isTravelling;
  isTravelling = true;
  try {
    return act();
  } finally {
    isTravelling = before;
  }
}

const refKind: Kind = {
  flaw: () => (isTravelling ? undefined : "refs of actors travel in messages of actors only: found one elsewhere"),
  visit() {},
  step: () => "",
  copy: (ref) => ref, // it cannot be changed
};

/** Lets instances of a class of refs travel. */
export function addRefClass(prototype: object): void {
  addKind(prototype, refKind);
}

addRefClass(Ref.prototype);
