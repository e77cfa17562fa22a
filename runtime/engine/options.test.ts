import { availableParallelism, totalmem } from "node:os";
import { describe, expect, test } from "vitest";
import { resolveEngineOptions, workersMax } from "./options.js";
import { profiles } from "./profile.js";

const mebibyte = 1024 * 1024;

describe("resolveEngineOptions()", () => {
  test.each([[undefined], [{}], [{ workers: undefined, limits: undefined, store: undefined }], [{ limits: { intakeMax: undefined } }]])(
    "fills in the documented defaults: %o",
    (given) => {
      expect(resolveEngineOptions(given)).toEqual({
        workflows: [],
        workers: Math.min(workersMax, availableParallelism()),
        concurrency: 64,
        scheduler: { name: "fifo", module: undefined, order: expect.anything() },
        profile: profiles.throughput,
        outputBytesMax: 8 * mebibyte,
        intakeMax: 10_000,
        heapMbMax: 512,
        cancelGraceMs: 1000,
        processesMax: 4,
        processMemoryBytesMax: 512 * mebibyte,
        processIdleMs: 10_000,
        restartsMax: 5,
        crashAttemptsMax: 5,
        arenaBytesMax: 64 * mebibyte,
        isRecording: false,
        isEncodingAlways: false,
        cpusMax: availableParallelism(),
        memoryBytesMax: totalmem(),
        isStoreDefault: true,
      });
    },
  );

  test("takes what is given, sizes with their unit, and freezes it", () => {
    const limits = {
      outputBytesMax: "1MiB",
      intakeMax: 1,
      heapMbMax: 16,
      cancelGrace: "2s",
      processesMax: 1,
      processMemoryMax: "64MiB",
      processIdle: 0,
      restartsMax: 0,
      crashAttemptsMax: 1,
      arenaBytesMax: "64KiB",
      cpusMax: 0.5,
      memoryMax: "3GiB",
    };
    const resolved = resolveEngineOptions({ workers: 0, concurrency: 1, store: "memory:", scheduler: "fifo", profile: "latency", limits });
    expect(resolved).toMatchObject({
      workers: 0,
      concurrency: 1,
      profile: profiles.latency,
      outputBytesMax: mebibyte,
      intakeMax: 1,
      heapMbMax: 16,
      cancelGraceMs: 2000,
      processesMax: 1,
      processMemoryBytesMax: 64 * mebibyte,
      processIdleMs: 0,
      restartsMax: 0,
      crashAttemptsMax: 1,
      arenaBytesMax: 64 * 1024,
      cpusMax: 0.5,
      memoryBytesMax: 3072 * mebibyte,
      isStoreDefault: false,
    });
    expect(Object.isFrozen(resolved)).toBe(true);
  });

  test("counts memory in whole KiB", () => {
    expect(resolveEngineOptions({ limits: { memoryMax: 2047 } }).memoryBytesMax).toBe(1024);
  });

  test("makes arenas of whole units of 16 bytes", () => {
    expect(resolveEngineOptions({ limits: { arenaBytesMax: 65_537 } }).arenaBytesMax).toBe(65_536);
  });

  test.each([
    ["workers", { workers: 65 }, "DF_OPTION_INVALID", "engine.workers"],
    ["concurrency", { concurrency: 0 }, "DF_OPTION_INVALID", "engine.concurrency"],
    ["profile", { profile: "__proto__" }, "DF_OPTION_INVALID", "engine.profile"],
    ["encode", { encode: "never" }, "DF_OPTION_INVALID", "engine.encode"],
    ["record", { record: "yes" }, "DF_OPTION_INVALID", "engine.record"],
    ["limits", { limits: [] }, "DF_OPTION_INVALID", "engine.limits"],
    ["a limit", { limits: { arenaBytesMax: "1KiB" } }, "DF_OPTION_INVALID", "engine.limits.arenaBytesMax"],
    ["number of cores", { limits: { cpusMax: 0 } }, "DF_OPTION_INVALID", "engine.limits.cpusMax"],
    ["size of memory", { limits: { memoryMax: "3TiB" } }, "DF_OPTION_INVALID", "engine.limits.memoryMax"],
    ["store", { store: "sqlite:a" }, "DF_STORE_UNSUPPORTED", "engine.store"],
    ["scheduler", { scheduler: "lifo" }, "DF_SCHEDULER_UNKNOWN", "engine.scheduler"],
    [
      "more memory than one buffer holds",
      { workers: 64, limits: { arenaBytesMax: "256MiB" } },
      "DF_OPTION_INVALID",
      "engine.limits.arenaBytesMax",
    ],
  ])("refuses a wrong %s, and names it", (_, given, code, path) => {
    expect(() => resolveEngineOptions(given)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(path) }));
  });
});
