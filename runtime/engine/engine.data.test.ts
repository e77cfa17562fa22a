import { DataFlower, type Engine } from "dataflower";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { built } from "./fixtures/built.fixture.js";
import type * as Bytes from "./fixtures/bytes.fixture.js";
import { failure } from "./fixtures/outcome.fixture.js";
import type * as Plain from "./fixtures/plain.fixture.js";
import { spin } from "./fixtures/spin.fixture.js";

const { filled, passedOn } = await built<typeof Bytes>("bytes");
const { echo } = await built<typeof Plain>("plain");

const mebibyte = 1024 * 1024;
const isFilled = (bytes: Uint8Array, length: number, byte: number) => bytes.length === length && bytes.every((one) => one === byte);

describe.each([1, 2])("bytes that leave %i workers", (workers) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await DataFlower.start({
      workers,
      store: "memory:",
      workflows: [filled, passedOn, echo],
      limits: { outputBytesMax: "24MiB" },
    });
  });
  afterAll(() => engine.close());

  test("stay as they are while thousands of others take their way", async () => {
    const kept = await engine.run(filled, { length: 1000, byte: 7 });
    const inputs = Array.from({ length: 5000 }, (_, index) => ({ length: 1000, byte: index % 251 }));
    let wrong = 0;
    for await (const settled of engine.submitAll(filled, inputs, { inFlight: 100 })) {
      const isRight = settled.status === "completed" && isFilled(settled.output, 1000, (inputs[settled.index] as Bytes.Filling).byte);
      if (!isRight) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(Buffer.isBuffer(kept) && isFilled(kept, 1000, 7)).toBe(true);
  });

  test.each([100, 3000, 5000, 17_000, 70_000, 300_000, mebibyte, 20 * mebibyte])("arrive whole, be they as many as %i", async (length) => {
    expect(isFilled(await engine.run(filled, { length, byte: 3 }), length, 3)).toBe(true);
    const passed = await failure(() => engine.run(passedOn, { length, byte: 4 }));
    // The result of that run is two times as large.
    if (length > 12 * mebibyte) expect(passed).toMatchObject({ code: "DF_RESULT_TOO_LARGE" });
    else expect((passed as { completed: Buffer[] }).completed.map((bytes) => isFilled(bytes, length, 4))).toEqual([true, true]);
    expect(isFilled((await engine.run(echo, Buffer.alloc(length, 5))) as Buffer, length, 5)).toBe(true);
  });

  test("are refused when they are more than the limit, and nothing waits for room that cannot come", async () => {
    const refused = { code: "DF_RESULT_TOO_LARGE", task: "fill", attempts: 1 };
    for (const length of [25 * mebibyte, 100 * mebibyte])
      expect(await failure(() => engine.run(filled, { length, byte: 1 }))).toEqual(refused);
    expect(isFilled(await engine.run(filled, { length: 10, byte: 1 }), 10, 1)).toBe(true);
  });

  test("wait for a control thread that does not read, and all arrive afterwards", async () => {
    const inputs = Array.from({ length: 400 }, (_, index) => ({ length: 10_000, byte: index % 251 }));
    const runs = await Promise.all(inputs.map((input) => engine.submit(filled, input)));
    const large = await engine.submit(filled, { length: mebibyte, byte: 9 });
    spin(1_000_000); // rings hold 256 KiB, the runs give 4 MB
    const outputs = await Promise.all(runs.map((run) => run.result()));
    expect(outputs.filter((bytes, index) => !isFilled(bytes, 10_000, index % 251))).toEqual([]);
    expect(isFilled(await large.result(), mebibyte, 9)).toBe(true);
  });
});
