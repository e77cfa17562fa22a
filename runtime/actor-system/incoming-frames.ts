import type { DeadLetters } from "../../actors/kernel/dead-letters.js";
import { undeliveredError } from "../../actors/local/actor-errors.js";
import type { Terminated } from "../../actors/local/terminated.js";
import { decodeMessageRange } from "../codec/message-codec.js";
import type { AddressTable } from "./address-table.js";
import { type Arrival, bodyOf } from "./arrivals.js";
import { decodeEnd, encodeEnd } from "./end-body.js";
import { decodeOwnError, encodeError } from "./error-body.js";
import { ENDED, FAIL, noBody, SEND, STOP, TAKEN, TELL, UNWATCH, WATCH } from "./frames.js";
import type { Outgoing } from "./outgoing.js";
import type { Route } from "./route.js";

export interface IncomingParts {
  readonly table: AddressTable;
  readonly outgoing: Outgoing;
  readonly deadLetters: DeadLetters;
  readonly routeTo: (thread: number) => Route | undefined;
  /** What is not about one actor. */
  readonly onNotice: (from: number, arrival: Arrival) => void;
}

/** Does what frames of other threads say. */
export class IncomingFrames {
  readonly #parts: IncomingParts;
  /** Watches of other threads on actors of this one, by thread and number: what takes them back. */
  readonly #watched = new Map<number, Map<number, () => void>>();

  constructor(parts: IncomingParts) {
    this.#parts = parts;
  }

  receive(from: number, arrival: Arrival): void {
    const { kind, number } = arrival;
    switch (kind) {
      case TELL:
        this.#tell(arrival);
        break;
      case SEND:
        this.#send(from, arrival);
        break;
      case TAKEN:
        this.#parts.outgoing.taken(number, arrival.start === arrival.end ? undefined : decodeOwnError(bodyOf(arrival)));
        break;
      case FAIL:
        this.#target(arrival)?.fail(decodeOwnError(bodyOf(arrival)));
        break;
      case STOP:
        this.#target(arrival)?.stop();
        break;
      case WATCH:
        this.#watch(from, arrival);
        break;
      case UNWATCH:
        this.#watched.get(from)?.get(number)?.();
        this.#watched.get(from)?.delete(number);
        break;
      case ENDED:
        this.#parts.outgoing.ended(number, decodeEnd(bodyOf(arrival)));
        break;
      default:
        this.#parts.onNotice(from, arrival);
    }
  }

  /** A thread has ended: nobody there watches any more. */
  lost(thread: number): void {
    for (const unwatch of this.#watched.get(thread)?.values() ?? []) unwatch();
    this.#watched.delete(thread);
  }

  #tell(arrival: Arrival): void {
    const message = this.#messageOf(arrival);
    const target = this.#target(arrival);
    if (target === undefined) this.#bury(arrival, message);
    else target.accept(message);
  }

  #send(from: number, arrival: Arrival): void {
    const { number } = arrival;
    const message = this.#messageOf(arrival);
    const target = this.#target(arrival);
    const answer = (body: Uint8Array): void => {
      this.#parts.routeTo(from)?.post({ kind: TAKEN, actor: 0, incarnation: 0, number }, body);
    };
    if (target === undefined || !("acceptLater" in target)) {
      const error = this.#bury(arrival, message);
      answer(encodeError(error));
    } else target.acceptLater(message, (failure) => answer(failure === undefined ? noBody : encodeError(failure)));
  }

  #watch(from: number, arrival: Arrival): void {
    const { number } = arrival;
    const watches = this.#watched.get(from) ?? new Map<number, () => void>();
    this.#watched.set(from, watches);
    const terminated = (end: Terminated): void => {
      watches.delete(number);
      this.#parts.routeTo(from)?.post({ kind: ENDED, actor: 0, incarnation: 0, number }, encodeEnd(end));
    };
    const target = this.#target(arrival);
    if (target === undefined) terminated({ actor: nameOf(arrival), reason: "stopped", isRestarted: false });
    else {
      watches.set(number, () => {});
      const unwatch = target.watch({ terminated });
      if (watches.has(number)) watches.set(number, unwatch);
    }
  }

  #target({ incarnation, actor }: Arrival) {
    return this.#parts.table.find(incarnation, actor);
  }

  #messageOf({ scratch, start, end }: Arrival): unknown {
    return decodeMessageRange(scratch, start, end, this.#parts.table);
  }

  #bury(arrival: Arrival, message: unknown) {
    const name = nameOf(arrival);
    this.#parts.deadLetters.accept(name, message, "stopped");
    return undeliveredError(name, "stopped");
  }
}

/** Of an actor that has ended, and whose name is not known any more. */
const nameOf = ({ actor }: Arrival): string => (actor < 0 ? "an ask that has ended" : `number ${actor}, which has ended`);
