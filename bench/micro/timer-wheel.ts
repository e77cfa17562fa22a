import { ManualClock } from "../../actors/kernel/clock.js";
import { TimerWheel } from "../../actors/kernel/timer-wheel.js";
import { MANY_CALLS, mustHold, type Operation, sumBelow } from "./operation.js";

/** Other timers in the wheel meanwhile. */
const OTHERS = 10_000;
/** The default time-out of a task, in ms. */
const FAR_MS = 300_000;

/** An attempt that waits for a promise sets a timer and takes it back when the promise is kept in time. */
export function timerOperations(): Operation[] {
  const clock = new ManualClock();
  const due: number[] = [];
  const wheel: TimerWheel<number> = new TimerWheel<number>(clock, () => wheel.expired((item) => due.push(item)));
  for (let other = 0; other < OTHERS; other++) wheel.set(other, FAR_MS + other);
  let sum = 0;
  return [
    {
      name: `timers: one set and taken back beside ${OTHERS} others`,
      calls: MANY_CALLS,
      run() {
        sum = 0;
        for (let count = 0; count < MANY_CALLS; count++) {
          const entry = wheel.set(-count, FAR_MS + count);
          sum += entry.item;
          wheel.clear(entry);
        }
      },
      check() {
        mustHold(sum === -sumBelow(MANY_CALLS), "every timer must be set");
        clock.advance(2 * FAR_MS);
        mustHold(new Set(due).size === OTHERS && due.length === OTHERS && !due.some((item) => item < 0), "no other timer may be left");
      },
    },
  ];
}
