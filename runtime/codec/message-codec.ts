/**
 * Messages of actors to msgpack and back: values, and the refs that travel in them, which are written as addresses.
 */

import { addExtension } from "msgpackr";
import { Ref, withRefs } from "../../actors/local/ref.js";
import { decodeRange, decodeValue, encodeValue } from "./value-codec.js";

/** Where an actor is, whoever holds a ref to it. */
export interface Address {
  readonly thread: number;
  /** Which of the threads that have had this number; 0: whichever it is, as the actor is started again with its worker. */
  readonly incarnation: number;
  /** Number of the actor; below 0: of an ask. */
  readonly id: number;
  readonly name: string;
}

/** How a thread knows refs by addresses. */
export interface Addresses {
  addressOf(ref: Ref<never>): Address;
  refOf(address: Address): Ref<never>;
}

/** 0xe0 is that of wire-form.ts. */
const refExtension = 0xe1;

/** Of the thread for which a message is encoded or decoded right now: a thread may be in several systems. */
let current: Addresses | undefined;

/**
 * @returns bytes that are never overwritten, as those of encodeValue()
 * @throws DF_UNSERIALIZABLE with the path of the first part that is not data
 */
export function encodeMessage(message: unknown, addresses: Addresses): Uint8Array {
  return knowing(addresses, () => encodeValue(message));
}

/** @throws DF_FRAME_CORRUPT when the bytes are not exactly one message */
export function decodeMessage(bytes: Uint8Array, addresses: Addresses): unknown {
  return knowing(addresses, () => decodeValue(bytes));
}

/** As decodeMessage(), for a message that lies in a larger private buffer; see decodeRange(). */
export function decodeMessageRange(scratch: Buffer, start: number, end: number, addresses: Addresses): unknown {
  return knowing(addresses, () => decodeRange(scratch, start, end));
}

function knowing<T>(addresses: Addresses, act: () => T): T {
  const before = current;
  current = addresses;
  try {
    return withRefs(act);
  } finally {
    current = before;
  }
}

addExtension({
  Class: Ref,
  type: refExtension,
  write(ref: Ref<never>): unknown {
    if (current === undefined) throw new TypeError("a ref travels in messages only");
    const { thread, incarnation, id, name } = current.addressOf(ref);
    return [thread, incarnation, id, name];
  },
  read(content: unknown): unknown {
    if (current === undefined || !isAddress(content)) throw new TypeError("no address where one must be");
    const [thread, incarnation, id, name] = content;
    return current.refOf({ thread, incarnation, id, name });
  },
});

function isAddress(content: unknown): content is readonly [number, number, number, string] {
  return Array.isArray(content) && content.length === 4 && content.slice(0, 3).every(Number.isInteger) && typeof content[3] === "string";
}
