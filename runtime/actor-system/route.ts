import type { MessagePort } from "node:worker_threads";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { Mailbox } from "../../actors/kernel/mailbox.js";
import type { ByteRing } from "../memory/byte-ring.js";
import type { RingProducer } from "../memory/ring-producer.js";
import { type FrameHead, headerBytes } from "./frames.js";

/** Frames that wait for room in one ring, each on behalf of somebody who waits for it. */
export const framesWaitingMax = 1 << 20;
/** Bytes of an encoded message. */
export const messageBytesMax = 256 * 1024 * 1024;

interface WaitingFrame {
  readonly head: FrameHead;
  readonly body: Uint8Array;
}

export interface RouteParts {
  readonly ring: ByteRing;
  /** Where what no ring can hold is posted. */
  readonly port: () => MessagePort | undefined;
  /** Something has been sent: the other thread is to be rung. */
  readonly onSent: () => void;
}

/** The way from this thread to another one. What takes it arrives in order. */
export class Route {
  readonly #parts: RouteParts;
  readonly #producer: RingProducer;
  /** What waits longest; what waits behind it is in `#behind`. */
  #first: WaitingFrame | undefined;
  readonly #behind = new Mailbox<WaitingFrame>(framesWaitingMax);

  constructor(parts: RouteParts) {
    this.#parts = parts;
    this.#producer = parts.ring.claimProducer();
  }

  /** True when frames wait for room: whoever makes it rings nobody. */
  get isBlocked(): boolean {
    return this.#first !== undefined;
  }

  /** Sends a frame if there is room for it, and nothing waits that it would overtake. @throws DF_RESULT_TOO_LARGE */
  offer(head: FrameHead, body: Uint8Array): boolean {
    return this.#first === undefined && this.#send(head, body);
  }

  /** Sends a frame as soon as there is room. False when too many wait. @throws DF_RESULT_TOO_LARGE */
  post(head: FrameHead, body: Uint8Array): boolean {
    if (this.offer(head, body)) return true;
    const frame = { head, body: new Uint8Array(body) }; // a copy: the encoder's page may be large
    if (this.#first !== undefined) return this.#behind.offer(frame);
    this.#first = frame;
    return true;
  }

  /** Sends what waits, as far as there is room. */
  flush(): void {
    while (this.#first !== undefined && this.#send(this.#first.head, this.#first.body)) this.#first = this.#behind.take();
  }

  #send(head: FrameHead, body: Uint8Array): boolean {
    const { ring } = this.#parts;
    const isInline = headerBytes + body.length <= ring.frameBytesMax;
    const at = this.#producer.reserve(headerBytes + (isInline ? body.length : 0));
    if (at < 0) return false;
    if (isInline) ring.bytes.set(body, at + headerBytes);
    else this.#transfer(body);
    const { ints } = ring;
    const first = at >> 2;
    ints[first] = isInline ? head.kind : -head.kind;
    ints[first + 1] = head.actor;
    ints[first + 2] = head.incarnation;
    ints[first + 3] = head.number;
    this.#producer.publish();
    this.#parts.onSent();
    return true;
  }

  /** Posted before the frame that it belongs to is published, so that whoever takes the frame finds it. */
  #transfer(body: Uint8Array): void {
    if (body.length > messageBytesMax) {
      const rule = `an encoded message has at most ${messageBytesMax} bytes: it has ${body.length}`;
      throw new DataFlowerError("DF_RESULT_TOO_LARGE", `Cannot send a message as ${rule}`);
    }
    const own = new Uint8Array(body);
    this.#parts.port()?.postMessage(own, [own.buffer]);
  }
}
