import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { ByteRing } from "../memory/byte-ring.js";
import type { RingConsumer } from "../memory/ring-consumer.js";
import { type FrameHead, headerBytes, noBody } from "./frames.js";

/** Frames taken from one ring before the next one is looked at. */
const framesPerLookMax = 64;

/** A frame that has come. It is good until the next one is taken. */
export interface Arrival extends FrameHead {
  /** Where the body lies: from `start` to `end`. */
  readonly scratch: Buffer;
  readonly start: number;
  readonly end: number;
}

/** What one other thread sends to this one. */
export class Arrivals {
  readonly #consumer: RingConsumer;
  /** Where what no ring can hold was posted. */
  readonly #port: () => MessagePort | undefined;
  /** The private buffer that the ring copies frames to: the same for all of them. */
  #scratch: Buffer | undefined;
  #ints: Int32Array | undefined;

  constructor(ring: ByteRing, port: () => MessagePort | undefined) {
    this.#consumer = ring.claimConsumer();
    this.#port = port;
  }

  /**
   * Hands over what has come; true when there was something.
   *
   * @throws DF_RING_CORRUPT
   */
  drain(visit: (arrival: Arrival) => void, framesMax = framesPerLookMax): boolean {
    let count = 0;
    while (count < framesMax) {
      const frame = this.#consumer.take();
      if (frame === undefined) break;
      count += 1;
      const arrival = this.#read(frame);
      if (arrival !== undefined) visit(arrival);
    }
    return count > 0;
  }

  #read(frame: Uint8Array): Arrival | undefined {
    this.#scratch ??= Buffer.from(frame.buffer as ArrayBuffer); // take() copies to private memory
    this.#ints ??= new Int32Array(frame.buffer);
    const [kind = 0, actor = 0, incarnation = 0, number = 0] = this.#ints;
    if (kind > 0) return { kind, actor, incarnation, number, scratch: this.#scratch, start: headerBytes, end: frame.length };
    const port = this.#port();
    const body: unknown = port === undefined ? undefined : receiveMessageOnPort(port)?.message;
    if (!(body instanceof Uint8Array)) return undefined; // it was posted to a thread that has ended
    return { kind: -kind, actor, incarnation, number, scratch: Buffer.from(body.buffer as ArrayBuffer), start: 0, end: body.length };
  }
}

export const bodyOf = ({ scratch, start, end }: Arrival): Uint8Array => (end > start ? scratch.subarray(start, end) : noBody);
