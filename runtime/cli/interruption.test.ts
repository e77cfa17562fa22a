import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exitCodes } from "./exit-code.js";
import { Interruption } from "./interruption.js";

/** Stands for the end of the process: whatever comes after it is not executed. */
class Exit extends Error {}

const signals = ["SIGINT", "SIGTERM"] as const;

describe("Interruption", () => {
  const exit = vi.fn((_code?: number | string | null): never => {
    throw new Exit();
  });
  let interruption: Interruption;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(process, "exit").mockImplementation(exit);
    exit.mockClear();
    interruption = new Interruption();
  });
  afterEach(() => {
    interruption.release();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  test.each(signals)("asks whoever listens to come to an end: %s", (signal) => {
    const asked: string[] = [];
    interruption.listen((name) => asked.push(name));
    expect(interruption.isRaised).toBe(false);
    process.emit(signal, signal);
    expect([asked, interruption.isRaised, exit.mock.calls]).toEqual([[signal], true, []]);
  });

  test("ends the process at once where nobody listens", () => {
    expect(() => process.emit("SIGINT")).toThrow(Exit);
    expect(exit).toHaveBeenCalledExactlyOnceWith(exitCodes.interrupted);
  });

  test("ends the process at once at the second signal", () => {
    interruption.listen(() => {});
    process.emit("SIGINT");
    expect(() => process.emit("SIGTERM")).toThrow(Exit);
    expect(exit).toHaveBeenCalledExactlyOnceWith(exitCodes.interrupted);
  });

  test("ends the process when coming to an end takes too long", () => {
    interruption.listen(() => {});
    process.emit("SIGTERM");
    expect(() => vi.runAllTimers()).toThrow(Exit);
    expect(exit).toHaveBeenCalledExactlyOnceWith(exitCodes.interrupted);
  });

  test("leaves no timer behind once all has come to an end", () => {
    interruption.listen(() => {});
    process.emit("SIGTERM");
    interruption.settle();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(signals)("leaves nobody listening once it has let go: %s", (signal) => {
    const listening = process.listenerCount(signal);
    interruption.release();
    expect(process.listenerCount(signal)).toBe(listening - 1);
  });
});
