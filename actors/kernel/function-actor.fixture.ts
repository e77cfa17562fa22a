import type { Start } from "./actor.js";
import { ManualClock } from "./clock.js";
import { ActorSystem, type SystemOptions } from "./system.js";

/** More messages than any test sends. */
export const forever = Number.MAX_SAFE_INTEGER;

/** A system whose clock stands still. */
export function newSystem(options: Partial<SystemOptions> = {}): ActorSystem {
  return new ActorSystem({ clock: new ManualClock(), ...options });
}

/** An actor that is nothing but a function. */
export function handler<Message>(receive: (message: Message) => void, stopped?: () => void): Start<Message> {
  return () => (stopped === undefined ? { receive } : { receive, stopped });
}
