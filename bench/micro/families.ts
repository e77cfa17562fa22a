import type { Operation } from "./operation.js";

export interface FamilyOptions {
  /** Most ready tasks that a policy is given. */
  readonly readyTasksMax: number;
}

/** The parts whose operations are measured; each is imported only where it runs. Their operations have their state to themselves. */
const families = {
  actors: async () => (await import("./actors.js")).actorOperations(),
  arena: async () => (await import("./payload-arena.js")).arenaOperations(),
  codec: async () => (await import("./values.js")).codecOperations(),
  copy: async () => (await import("./values.js")).copyOperations(),
  histogram: async () => (await import("./histograms.js")).histogramOperations(),
  mailbox: async () => (await import("./mailbox.js")).mailboxOperations(),
  policies: async (options) => (await import("./policies.js")).policyOperations(options),
  queue: async () => (await import("./ready-queue.js")).queueOperations(),
  ring: async () => (await import("./byte-ring.js")).ringOperations(),
  timers: async () => (await import("./timer-wheel.js")).timerOperations(),
} satisfies Record<string, (options: FamilyOptions) => Promise<Operation[]>>;

export const familyNames: readonly string[] = Object.keys(families);

export async function operationsOf(family: string, options: FamilyOptions): Promise<Operation[]> {
  if (!Object.hasOwn(families, family)) throw new Error(`Cannot measure as the family must be one of ${familyNames.join(", ")}: ${family}`);
  return families[family as keyof typeof families](options); // as: hasOwn has just shown it
}
