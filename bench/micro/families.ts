import type { Operation, OperationOptions } from "./operation.js";

/** The parts whose operations are measured; each is imported only where it runs. Their operations have their state to themselves. */
const families = {
  actors: async () => (await import("./actors.js")).actorOperations(),
  arena: async () => (await import("./payload-arena.js")).arenaOperations(),
  clock: async () => (await import("./clock.js")).clockOperations(),
  codec: async () => (await import("./codec.js")).codecOperations(),
  copy: async () => (await import("./copies.js")).copyOperations(),
  histogram: async () => (await import("./histograms.js")).histogramOperations(),
  "in-hand": async () => (await import("./in-hand-writer.js")).inHandOperations(),
  mailbox: async () => (await import("./mailbox.js")).mailboxOperations(),
  policies: async (options) => (await import("./policies.js")).policyOperations(options),
  queue: async () => (await import("./ready-queue.js")).queueOperations(),
  ring: async () => (await import("./byte-ring.js")).ringOperations(),
  timers: async () => (await import("./timer-wheel.js")).timerOperations(),
  workflow: async () => (await import("./workflow.js")).workflowOperations(),
} satisfies Record<string, (options: OperationOptions) => Promise<Operation[]>>;

export const familyNames: readonly string[] = Object.keys(families);

export async function operationsOf(family: string, options: OperationOptions): Promise<Operation[]> {
  if (!Object.hasOwn(families, family)) throw new Error(`Cannot measure as the family must be one of ${familyNames.join(", ")}: ${family}`);
  return families[family as keyof typeof families](options); // as: hasOwn has just shown it
}
