import { DataFlowerError } from "../../actors/kernel/errors.js";
import { thrownText } from "../../actors/kernel/thrown-text.js";
import { dataToError, type ErrorData, errorToData } from "../codec/error-codec.js";
import { decodeValue, encodeTrusted } from "../codec/value-codec.js";

/** Whatever was thrown, as the body of a frame. */
export const encodeError = (error: unknown): Uint8Array => encodeTrusted(errorToData(error));

export const decodeError = (body: Uint8Array): unknown => dataToError(decodeValue(body) as ErrorData); // encodeError() made it

/** An error of ours that has crossed; it may have lost its class on the way. */
export function decodeOwnError(body: Uint8Array): DataFlowerError {
  const error = decodeError(body);
  if (error instanceof DataFlowerError) return error;
  return new DataFlowerError("DF_ACTOR_FAILED", `Cannot get an answer as the actor must not throw: found ${thrownText(error)}`, {
    cause: error,
  });
}
