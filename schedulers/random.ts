import { builtIn } from "./definition.js";
import type { PolicyTools, Schedulable } from "./policy.js";
import { Ranked } from "./ranked.js";

/** Any of the ready tasks, each as likely as the others: what a policy has to be better than. */
export const random = builtIn("random", {
  create: <Task extends Schedulable>(tools: PolicyTools) => new Ranked<Task>("random", { rank: () => tools.random() }),
});
