import { expect, test } from "vitest";
import { untilAllEnded } from "./correlated-failures.js";

/** A run that ends when it is told to. */
function runUnderWay() {
  let end!: (failure?: Error) => void;
  const ended = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure === undefined ? resolve() : reject(failure));
  });
  return { ended, end };
}

test("an outage is over when the last run that was under way has ended, whatever else ends or begins meanwhile", async () => {
  const [first, failing, last] = [runUnderWay(), runUnderWay(), runUnderWay()];
  const underWay = new Set([first.ended, failing.ended, last.ended]);
  let isOver = false;
  const over = untilAllEnded(underWay).then(() => {
    isOver = true;
  });
  underWay.add(runUnderWay().ended);
  first.end();
  failing.end(new Error("ended, too"));
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  last.end();
  await over;
  expect(isOver).toBe(true);
});
