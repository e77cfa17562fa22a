import { builtIn } from "./definition.js";

/**
 * Shortest job first, by estimate: among orders of jobs of known length on one machine, the one with the least mean waiting time
 * (W. E. Smith, "Various optimizers for single-stage production", 1956). Those without an estimate, or with one
 * that is no time, go last, in FIFO order.
 */
export const sjf = builtIn("sjf", {
  rank: ({ estimate }) => (estimate !== undefined && estimate >= 0 ? estimate : Number.POSITIVE_INFINITY),
});
