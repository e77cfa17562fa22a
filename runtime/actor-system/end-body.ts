import type { Terminated } from "../../actors/local/terminated.js";
import { dataToError, type ErrorData, errorToData } from "../codec/error-codec.js";
import { decodeValue, encodeTrusted } from "../codec/value-codec.js";

type EndData = Omit<Terminated, "error"> & { readonly error?: ErrorData };

/** How an actor ended, as the body of a frame. */
export function encodeEnd(end: Terminated): Uint8Array {
  return encodeTrusted("error" in end ? { ...end, error: errorToData(end.error) } : end);
}

export function decodeEnd(body: Uint8Array): Terminated {
  const { error, ...end } = decodeValue(body) as EndData; // encodeEnd() made it
  return error === undefined ? end : { ...end, error: dataToError(error) };
}
