import type { LocalDefinition } from "../local/definition.js";
import { makeDefinition } from "../local/definition.js";
import type { LocalSystem } from "../local/local-system.js";
import { Ref } from "../local/ref.js";
import type { Terminated } from "../local/terminated.js";

/** Messages that a probe keeps; older ones are forgotten. */
export const probeMessagesMax = 1 << 20;

/** An actor of a test, which keeps what it is told. */
export class Probe<Message> {
  readonly ref: Ref<Message>;
  /** What it has handled and `take` has not taken, oldest first. */
  readonly received: Message[] = [];
  /** Ends of the actors that it watches, in the order in which they ended. */
  readonly terminated: Terminated[] = [];

  constructor(system: LocalSystem, name: string | undefined) {
    const keep: LocalDefinition<Message, undefined> = makeDefinition<Message, undefined>(() => (message) => {
      this.received.push(message);
      if (this.received.length > probeMessagesMax) this.received.shift();
    });
    this.ref = system.spawn(keep, undefined, name === undefined ? {} : { name });
  }

  /** Removes the oldest message that it has received; undefined when there is none. */
  take(): Message | undefined {
    return this.received.shift();
  }

  /** Notes when the actor ends. */
  watch(actor: Ref<never>): void {
    Ref.targetOf(actor).watch({ terminated: (end) => void this.terminated.push(end) });
  }
}
