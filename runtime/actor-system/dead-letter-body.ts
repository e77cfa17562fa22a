import type { DeadLetter } from "../../actors/kernel/dead-letters.js";
import { describe } from "../../actors/kernel/value-refusal.js";
import { type Addresses, decodeMessage, encodeMessage } from "../codec/message-codec.js";

/** A dead letter as the body of a frame. A message that is no data is described in words. */
export function encodeDeadLetter(letter: DeadLetter, addresses: Addresses): Uint8Array {
  try {
    return encodeMessage(letter, addresses);
  } catch {
    return encodeMessage({ ...letter, message: describe(letter.message).toWellFormed() }, addresses);
  }
}

export function decodeDeadLetter(body: Uint8Array, addresses: Addresses): DeadLetter {
  return decodeMessage(body, addresses) as DeadLetter; // encodeDeadLetter() made it
}
