import { DataFlowerError } from "../../actors/kernel/errors.js";
import { isInWorker } from "../worker/in-worker.js";
import type { Actors } from "./actor-system.js";
import type { ActorSystemOptions } from "./options.js";

/**
 * Creates an actor system: its worker threads, and a place for actors on the calling thread. It keeps the process alive until it is closed.
 *
 * @throws DF_OPTION_INVALID, DF_STARTED_IN_WORKER, and what keeps a worker from starting
 */
export async function createActorSystem(given?: ActorSystemOptions): Promise<Actors> {
  if (isInWorker()) {
    throw new DataFlowerError(
      "DF_STARTED_IN_WORKER",
      "Cannot create an actor system here as workers import this module: found createActorSystem() in a worker thread",
    );
  }
  // All is loaded when a system is wanted: workers, and whoever only defines actors, import this package too.
  const [{ resolveActorSystemOptions }, { RunningSystem }] = await Promise.all([import("./options.js"), import("./running-system.js")]);
  return RunningSystem.start(resolveActorSystemOptions(given));
}
