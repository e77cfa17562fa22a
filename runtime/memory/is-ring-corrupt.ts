import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Whether an error says that shared memory between two threads is broken. */
export function isRingCorrupt(error: unknown): error is DataFlowerError {
  return error instanceof DataFlowerError && error.code === "DF_RING_CORRUPT";
}
