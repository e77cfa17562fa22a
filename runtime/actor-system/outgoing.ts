import type { DeadLetterReason, DeadLetters } from "../../actors/kernel/dead-letters.js";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import { undeliveredError } from "../../actors/local/actor-errors.js";
import type { Terminated, Watcher } from "../../actors/local/terminated.js";
import { type Address, type Addresses, encodeMessage } from "../codec/message-codec.js";
import { encodeError } from "./error-body.js";
import { FAIL, type FrameHead, noBody, SEND, STOP, TELL, UNWATCH, WATCH } from "./frames.js";
import type { Route } from "./route.js";

type OnTaken = (failure: DataFlowerError | undefined) => void;

interface SentMessage {
  readonly place: Address;
  readonly onEnd: OnTaken;
}

interface Watch {
  readonly place: Address;
  readonly watcher: Watcher;
}

export interface OutgoingParts {
  readonly addresses: Addresses;
  readonly deadLetters: DeadLetters;
  /** The way to another thread; undefined to this one, whose actors that have ended are asked for, and where all is closed. */
  readonly routeTo: (thread: number) => Route | undefined;
  /** At the moment, of any thread. */
  readonly incarnationOf: (thread: number) => number;
}

/** What this thread has to say to actors of others, and what it waits for from there. */
export class Outgoing {
  readonly #parts: OutgoingParts;
  readonly #sent = new Map<number, SentMessage>();
  readonly #watches = new Map<number, Watch>();
  readonly #awaited = new Set<{ readonly place: Address; readonly fail: (error: DataFlowerError) => void }>();
  #number = 0;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  tell(place: Address, message: unknown): boolean {
    const body = encodeMessage(message, this.#parts.addresses);
    const route = this.#livingRoute(place);
    if (route === undefined) return this.#bury(place, message, this.#reasonOf(place));
    const head = headTo(TELL, place, 0);
    const isTaken = place.id < 0 ? route.post(head, body) : route.offer(head, body);
    return isTaken || this.#bury(place, message, "full");
  }

  send(place: Address, message: unknown, onEnd: OnTaken): void {
    const body = encodeMessage(message, this.#parts.addresses);
    const route = this.#livingRoute(place);
    if (route === undefined) {
      this.#bury(place, message, this.#reasonOf(place));
      onEnd(undeliveredError(place.name, this.#reasonOf(place)));
      return;
    }
    const number = this.#nextNumber();
    this.#sent.set(number, { place, onEnd });
    if (route.post(headTo(SEND, place, number), body)) return;
    this.#sent.delete(number);
    this.#bury(place, message, "full");
    onEnd(undeliveredError(place.name, "full"));
  }

  stop(place: Address): void {
    this.#livingRoute(place)?.post(headTo(STOP, place, 0), noBody);
  }

  watch(place: Address, watcher: Watcher): () => void {
    const route = place.id > 0 ? this.#livingRoute(place) : undefined;
    const number = this.#nextNumber();
    if (route?.post(headTo(WATCH, place, number), noBody) !== true) {
      const reason = this.#reasonOf(place);
      const error = reason === "lost" ? { error: undeliveredError(place.name, reason) } : {};
      watcher.terminated({ actor: place.name, reason, ...error, isRestarted: false });
      return () => {};
    }
    this.#watches.set(number, { place, watcher });
    return () => {
      if (this.#watches.delete(number)) this.#livingRoute(place)?.post(headTo(UNWATCH, place, number), noBody);
    };
  }

  fail(place: Address, error: DataFlowerError): void {
    this.#livingRoute(place)?.post(headTo(FAIL, place, 0), encodeError(error));
  }

  /** A message that was sent has been put into its mailbox, or never will be. */
  taken(number: number, failure: DataFlowerError | undefined): void {
    const sent = this.#sent.get(number);
    this.#sent.delete(number);
    sent?.onEnd(failure);
  }

  /** An actor that is watched has ended. */
  ended(number: number, end: Terminated): void {
    const watch = this.#watches.get(number);
    this.#watches.delete(number);
    watch?.watcher.terminated(end);
  }

  /** A thread has ended: nothing comes from there any more. @param restarted numbers of those of its actors that are started again */
  lost(thread: number, restarted: ReadonlySet<number>, error: DataFlowerError): void {
    for (const { place, fail } of [...this.#awaited]) if (place.thread === thread) fail(undeliveredError(place.name, "lost"));
    for (const [number, { place, onEnd }] of [...this.#sent]) {
      if (place.thread !== thread) continue;
      this.#sent.delete(number);
      onEnd(undeliveredError(place.name, "lost"));
    }
    for (const [number, { place, watcher }] of [...this.#watches]) {
      if (place.thread !== thread) continue;
      this.#watches.delete(number);
      const isRestarted = place.incarnation === 0 && restarted.has(place.id);
      watcher.terminated({ actor: place.name, reason: "lost", error, isRestarted });
    }
  }

  /** An answer is awaited from there. The answer tells that it is not any more. */
  await(place: Address, fail: (error: DataFlowerError) => void): () => void {
    const awaited = { place, fail };
    this.#awaited.add(awaited);
    return () => this.#awaited.delete(awaited);
  }

  /** undefined when the actor's thread has ended: what has been started again since is another one. */
  #livingRoute({ thread, incarnation }: Address): Route | undefined {
    return this.#isLost(thread, incarnation) ? undefined : this.#parts.routeTo(thread);
  }

  #reasonOf({ thread, incarnation }: Address): "stopped" | "lost" {
    return this.#isLost(thread, incarnation) ? "lost" : "stopped";
  }

  #isLost(thread: number, incarnation: number): boolean {
    return incarnation !== 0 && incarnation !== this.#parts.incarnationOf(thread);
  }

  #bury({ name }: Address, message: unknown, reason: DeadLetterReason): false {
    this.#parts.deadLetters.accept(name, message, reason);
    return false;
  }

  #nextNumber(): number {
    do this.#number = (this.#number + 1) & 0x7fffffff;
    while (this.#sent.has(this.#number) || this.#watches.has(this.#number));
    return this.#number;
  }
}

function headTo(kind: number, { id, incarnation }: Address, number: number): FrameHead {
  return { kind, actor: id, incarnation, number };
}
