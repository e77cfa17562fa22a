import { builtIn } from "./definition.js";

/** A task that waits is worth one level of priority more after each so many ms: what outweighs them is never put off for ever. */
export const agingMs = 60_000;

/**
 * Higher priority first; waiting raises it, by one level every {@link agingMs}, so that none starves.
 *
 * All age alike, so the order of two tasks never changes while they wait: it is that of when each would have had to become ready, at
 * priority 0, to be where it is now. The remedy of aging is that of operating systems (Silberschatz, Galvin, Gagne: Operating System
 * Concepts, "Priority Scheduling").
 */
export const priority = builtIn("priority", { rank: (task) => task.readyAt - task.priority * agingMs });
