import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Schema } from "./schema.js";
import { validateInput } from "./validate-input.js";

const schema = z.object({ url: z.string(), widths: z.array(z.number()).default([64]) });

const standard = (validate: Schema<unknown, unknown>["~standard"]["validate"]): Schema<unknown, unknown> => ({
  "~standard": { version: 1, vendor: "test", validate },
});

describe("validateInput", () => {
  test("returns what the schema makes of the input, at once when the schema answers at once", () => {
    expect(validateInput("w", schema, { url: "u" })).toEqual({ url: "u", widths: [64] });
  });

  test("returns the input itself where there is no schema", () => {
    const input = { url: 1 };
    expect(validateInput("w", undefined, input)).toBe(input);
  });

  test("waits for a schema that answers later", async () => {
    const later = schema.refine(async ({ url }) => url === "u", "must be u");
    await expect(validateInput("w", later, { url: "u", widths: [] })).resolves.toEqual({ url: "u", widths: [] });
    await expect(validateInput("w", later, { url: "v" })).rejects.toMatchObject({
      code: "DF_INPUT_INVALID",
      message: expect.stringContaining("input: must be u"),
    });
  });

  test("lists every issue with its path", () => {
    expect(() => validateInput("thumbnails", schema, { widths: [1, "2", 3, "4"] })).toThrow(
      expect.objectContaining({
        code: "DF_INPUT_INVALID",
        message: expect.stringMatching(
          /^Cannot accept the input of thumbnails as .* found input\.url: .*; input\.widths\[1\]: .*; input\.widths\[3\]: /,
        ),
      }),
    );
  });

  test("reads paths of keys and of segments", () => {
    const issues = [{ message: "bad", path: ["a", { key: 0 }, { key: "b" }] }, { message: "worse" }];
    expect(() =>
      validateInput(
        "w",
        standard(() => ({ issues })),
        1,
      ),
    ).toThrow("found input.a[0].b: bad; input: worse");
  });

  test("refuses what a schema throws on or rejects, with it as the cause", async () => {
    const cause = new Error("broken schema");
    const expected = expect.objectContaining({ code: "DF_INPUT_INVALID", cause });
    const throws = standard(() => {
      throw cause;
    });
    expect(() => validateInput("w", throws, 1)).toThrow(expected);
    await expect(
      validateInput(
        "w",
        standard(async () => Promise.reject(cause)),
        1,
      ),
    ).rejects.toEqual(expected);
  });
});
