import type { Regions } from "../../../runtime/memory/regions.js";
import type { RingConsumer } from "../../../runtime/memory/ring-consumer.js";
import type { RingProducer } from "../../../runtime/memory/ring-producer.js";
import { mustHold } from "../operation.js";

export interface Ball {
  readonly kind: "ball";
  readonly number: number;
}

/** As long as a report of a worker is, in bytes. */
const FRAME_BYTES = 32;

/** The ends of one thread of the two byte rings between it and another one, through which balls go. */
export class Balls {
  readonly #words: Int32Array;
  readonly #producer: RingProducer;
  readonly #consumer: RingConsumer;

  constructor(regions: Regions, me: number, other: number) {
    const outwards = regions.ring(me, other);
    this.#words = outwards.ints;
    this.#producer = outwards.claimProducer();
    this.#consumer = regions.ring(other, me).claimConsumer();
  }

  send(number: number): void {
    const at = this.#producer.reserve(FRAME_BYTES);
    mustHold(at >= 0, "a ring must have room for one frame");
    this.#words[at >> 2] = number;
    this.#producer.publish();
  }

  /** Hands on every ball that has come; true when there was one. */
  drain(to: (ball: Ball) => void): boolean {
    let hasReceived = false;
    for (let frame = this.#consumer.take(); frame !== undefined; frame = this.#consumer.take()) {
      hasReceived = true;
      to({ kind: "ball", number: new DataView(frame.buffer, frame.byteOffset).getInt32(0, true) });
    }
    return hasReceived;
  }
}

/** What the partner makes of a ball before it sends it back: so that an echo of our own is not taken for an answer. */
export const answerTo = (number: number): number => ~number;
