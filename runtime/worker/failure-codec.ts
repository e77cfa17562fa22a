import type { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Failure } from "../../actors/workflow/failure.js";
import { dataToError, type ErrorData, errorToData } from "../codec/error-codec.js";
import { decodeValue, encodeTrusted } from "../codec/value-codec.js";

interface FailureData {
  readonly kind: Failure["kind"];
  readonly error: ErrorData;
  readonly heartbeat: unknown;
}

/** A failure as bytes. Its error keeps its chain of causes, so that the home sees what a handler threw at a guest. */
export function encodeFailure({ kind, error, heartbeat }: Failure): Uint8Array {
  // Not checked again: an error is written down as data, and a heartbeat's details are a copy that was checked when it was taken.
  return encodeTrusted({ kind, error: errorToData(error), heartbeat } satisfies FailureData);
}

export function decodeFailure(bytes: Uint8Array): Failure {
  const { kind, error, heartbeat } = decodeValue(bytes) as FailureData; // encoded by encodeFailure()
  return { kind, error: dataToError(error) as DataFlowerError, heartbeat }; // a failure's error is one
}
