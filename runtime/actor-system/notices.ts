import { dataToError, type ErrorData, errorToData } from "../codec/error-codec.js";
import { decodeValue, encodeTrusted } from "../codec/value-codec.js";

/** An error that ended an actor, as the body of a frame. */
export const encodeFailure = (error: unknown, actor: string): Uint8Array => encodeTrusted({ actor, error: errorToData(error) });

export function decodeFailure(body: Uint8Array): { readonly actor: string; readonly error: unknown } {
  const { actor, error } = decodeValue(body) as { actor: string; error: ErrorData }; // encodeFailure() made it
  return { actor, error: dataToError(error) };
}

/** The name of an actor that has ended. */
export const encodeName = (name: string): Uint8Array => encodeTrusted(name);

export const decodeName = (body: Uint8Array): string => decodeValue(body) as string; // encodeName() made it
