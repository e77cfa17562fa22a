import type { MessagePort } from "node:worker_threads";
import { type Answer, answer, answerLater, serveCalls } from "../worker/serve-calls.js";
import type { Spawned, SpawnRequest } from "./actor-worker-start.js";

/** What a thread has to do. */
export interface Quietness {
  /** True when no actor has a message and nothing waits to be sent. */
  readonly isQuiet: boolean;
  /** Messages that it has handled so far. */
  readonly handled: number;
}

/** What the control thread may call on a thread of an actor system. Messages go through shared memory; this is for rare calls only. */
export interface ActorControlApi {
  spawn(request: SpawnRequest): Promise<Answer<Spawned>>;
  quietness(): Answer<Quietness>;
  stop(): Promise<Answer<null>>;
}

const methods = ["spawn", "quietness", "stop"] as const satisfies readonly (keyof ActorControlApi)[];

/** How a thread does what it is called for. */
export interface ActorServant {
  spawn(request: SpawnRequest): Promise<Spawned>;
  quietness(): Quietness;
  /** Stops all actors. */
  giveUp(): Promise<void>;
  /** Ends the thread. */
  close(): void;
}

export function serveActorControl(port: MessagePort, servant: ActorServant): void {
  const api: ActorControlApi = {
    spawn: (request) => answerLater(() => servant.spawn(request)),
    quietness: () => answer(() => servant.quietness()),
    stop: () =>
      answerLater(async () => {
        await servant.giveUp();
        setImmediate(() => servant.close()); // after the answer has been posted
        return null;
      }),
  };
  serveCalls(port, api, methods);
}
