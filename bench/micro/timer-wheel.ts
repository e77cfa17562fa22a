import { ManualClock } from "../../actors/kernel/clock.js";
import { TimerWheel } from "../../actors/kernel/timer-wheel.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

/** Other timers in the wheel meanwhile. */
const OTHERS = 10_000;
/** The default time-out of a task, in ms. */
const FAR_MS = 300_000;

export function timerOperations(): Operation[] {
  const wheel = new TimerWheel<number>(new ManualClock(), () => {});
  for (let other = 0; other < OTHERS; other++) wheel.set(other, FAR_MS + other);
  return [
    {
      name: `timers: one set and taken back beside ${OTHERS} others`,
      calls: MANY_CALLS,
      run() {
        for (let count = 0; count < MANY_CALLS; count++) wheel.clear(wheel.set(count, FAR_MS + count));
      },
      check: () => mustHold(wheel.size === OTHERS, "as many timers as before must be set"),
    },
  ];
}
