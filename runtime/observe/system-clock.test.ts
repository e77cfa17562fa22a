import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { nowMs, after as wait } from "./system-clock.js";

describe("nowMs()", () => {
  test("never runs backwards", () => {
    const times = Array.from({ length: 10_000 }, nowMs);
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] as number))).toBe(true);
  });

  test("has one origin for all threads", async () => {
    await new Promise((resolve) => setTimeout(resolve, 50)); // the threads' own clocks are this far apart
    const clock = new URL("../../dist/runtime/observe/system-clock.js", import.meta.url).href;
    const before = nowMs();
    const worker = new Worker(
      `import(${JSON.stringify(clock)}).then(({ nowMs }) => require("node:worker_threads").parentPort.postMessage(nowMs()));`,
      { eval: true },
    );
    const [there] = (await once(worker, "message")) as [number];
    expect(there).toBeGreaterThan(before - 1);
    expect(there).toBeLessThan(nowMs() + 1);
  });
});

describe("after()", () => {
  test("calls back once, unless it is cancelled", async () => {
    const calls: string[] = [];
    const cancel = wait(1, () => calls.push("cancelled"));
    wait(1, () => calls.push("kept"));
    cancel();
    await new Promise<void>((resolve) => void wait(10, resolve));
    expect(calls).toEqual(["kept"]);
  });
});
