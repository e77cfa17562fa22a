import { expect } from "vitest";
import type { DataFlowerError, ErrorCode } from "../../actors/kernel/errors.js";

/** Expects a call to refuse with this code, and a message that matches. */
export function expectRefusal(call: () => unknown, code: ErrorCode, message: RegExp): void {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ name: "DataFlowerError", code });
  expect((thrown as DataFlowerError).message).toMatch(message);
}
