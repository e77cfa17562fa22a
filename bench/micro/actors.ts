import type { ActorRef } from "../../actors/kernel/actor.js";
import { ManualClock } from "../../actors/kernel/clock.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

interface Ball {
  readonly kind: "ball";
  readonly left: number;
}

/** A message is handed over, queued, dispatched and handled. */
export function actorOperations(): Operation[] {
  const system = new ActorSystem({ clock: new ManualClock() });
  let handled = 0;
  const ping: ActorRef<Ball> = system.spawn<Ball>("ping", () => ({ receive: ({ left }) => hit(pong, left) }));
  const pong: ActorRef<Ball> = system.spawn<Ball>("pong", () => ({ receive: ({ left }) => hit(ping, left) }));
  const hit = (other: ActorRef<Ball>, left: number): void => {
    handled += 1;
    if (left > 0) other.tell({ kind: "ball", left: left - 1 });
  };
  return [
    {
      name: "actors: message from one to another and its handling",
      calls: MANY_CALLS,
      run() {
        handled = 0;
        ping.tell({ kind: "ball", left: MANY_CALLS - 1 });
        while (!system.isIdle) system.run(MANY_CALLS);
      },
      check: () => mustHold(handled === MANY_CALLS, "every message must be handled once"),
    },
  ];
}
