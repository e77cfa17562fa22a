import { assert } from "../../actors/kernel/assert.js";
import { isRunId } from "./names.js";
import type { Commit } from "./store.js";

/**
 * States what must hold of a commit before anything of it is written, and says whether it has been written already.
 *
 * @param next position that the journal writes next
 */
export function assertCommit({ position, runs, cutBefore }: Commit, next: number): "new" | "written" {
  assert(
    position === next || (position === next - 1 && position >= 1),
    `a commit goes to the next position, ${next}, or again to the last one: found ${position}`,
  );
  assert(cutBefore === undefined || cutBefore <= position, `a commit keeps its own record, ${position}: found a cut before ${cutBefore}`);
  for (const { id } of runs) assert(isRunId(id), `ids of runs are checked before they come to a store: found ${JSON.stringify(id)}`);
  return position === next ? "new" : "written";
}
