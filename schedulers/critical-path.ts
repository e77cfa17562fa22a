import { builtIn } from "./definition.js";

/**
 * The task with the longest path to the end of its workflow first: highest level first, the list scheduling of T. C. Hu ("Parallel
 * sequencing and assembly line problems", 1961) with the run times of tasks for levels.
 */
export const criticalPath = builtIn("critical-path", { rank: (task) => -task.remainingPath });
