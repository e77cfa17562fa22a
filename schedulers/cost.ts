import { builtIn } from "./definition.js";
import type { TaskFacts } from "./policy.js";

/** A task has time to spare while its deadline is further away than so many times its way to the end of its workflow. */
export const ampleFactor = 4;
/** What puts ranks of tasks that are pressed for time before all others: no time or estimate comes near it. */
const pressed = 1e15;

/**
 * Uses what is rented as little as an order can, while deadlines allow it.
 *
 * Tasks with a deadline that they can meet, but have no ample time for, go first: the one that has to start first before the others. All
 * others go by their estimates, the longest first (R. L. Graham, "Bounds on multiprocessing timing anomalies", 1969): what is alike in
 * length runs side by side, the short ones fill the gaps at the end, and machines of which each hour costs have done all sooner. Those
 * without an estimate go last, in FIFO order. Judged once, when a task becomes ready: what has ample time then may still come to be late.
 *
 * An order decides neither on which machine a task runs nor how much memory it has. Where each task is billed by itself, it saves nothing:
 * what does is a plan, `planInvocations()`.
 */
export const cost = builtIn("cost", { rank });

function rank({ estimate, deadline, remainingPath }: TaskFacts, now: number): number {
  if (deadline !== undefined) {
    const latestStart = deadline - remainingPath;
    if (latestStart >= now && deadline - now < ampleFactor * remainingPath) return latestStart - pressed;
  }
  return estimate !== undefined && estimate >= 0 ? -estimate : Number.POSITIVE_INFINITY;
}
