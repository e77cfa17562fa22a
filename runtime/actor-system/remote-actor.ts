import type { DataFlowerError } from "../../actors/kernel/errors.js";
import { undeliveredError } from "../../actors/local/actor-errors.js";
import type { Target } from "../../actors/local/ref.js";
import type { Watcher } from "../../actors/local/terminated.js";
import type { Address } from "../codec/message-codec.js";
import type { Outgoing } from "./outgoing.js";

/** An actor or an ask of another thread. */
export class RemoteActor<Message> implements Target<Message> {
  readonly place: Address;
  /** Numbers of this thread are not for actors of others. */
  address = 0;
  readonly #outgoing: Outgoing;

  constructor(place: Address, outgoing: Outgoing) {
    this.place = place;
    this.#outgoing = outgoing;
  }

  get name(): string {
    return this.place.name;
  }

  /** An answer is never refused: whoever asked waits for it. */
  tell(message: Message): boolean {
    return this.#outgoing.tell(this.place, message);
  }

  deliver(message: Message, onEnd: (failure: DataFlowerError | undefined) => void): void {
    if (this.place.id < 0) onEnd(this.tell(message) ? undefined : undeliveredError(this.name, "full"));
    else this.#outgoing.send(this.place, message, onEnd);
  }

  stop(): void {
    if (this.place.id > 0) this.#outgoing.stop(this.place);
  }

  watch(watcher: Watcher): () => void {
    return this.#outgoing.watch(this.place, watcher);
  }

  /** An answer to an ask of it is awaited. */
  awaitAnswer(fail: (error: DataFlowerError) => void): () => void {
    return this.#outgoing.await(this.place, fail);
  }

  fail(error: DataFlowerError): void {
    if (this.place.id < 0) this.#outgoing.fail(this.place, error);
  }
}
