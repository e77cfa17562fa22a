import { DataFlowerError } from "./errors.js";

/**
 * States what must hold inside DataFlower. Always on. A failure is our mistake, never the user's: users' mistakes have codes of their own.
 *
 * @param claim the positive statement that should have been true
 */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new DataFlowerError("DF_INTERNAL", `Cannot go on as this must hold: ${claim}`);
}
