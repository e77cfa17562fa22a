import type { AskContender } from "./contender.js";

/** Who answers questions, by name; each is imported only where it is measured. */
const contenders = {
  "actors-here": async () => (await import("./actors-here.js")).contender,
  "event-emitter": async () => (await import("./event-emitter.js")).contender,
  "actors-worker": async () => (await import("./actors-worker.js")).contender,
  "post-message": async () => (await import("./post-message.js")).contender,
  comlink: async () => (await import("./comlink.js")).contender,
} satisfies Record<string, () => Promise<AskContender>>;

export type AskContenderName = keyof typeof contenders;

export const askContenderNames = Object.keys(contenders) as AskContenderName[]; // its own keys

export const askContenderOf = (name: AskContenderName): Promise<AskContender> => contenders[name]();
