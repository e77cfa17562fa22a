import { expect, test } from "vitest";
import { digestOf } from "./digest.js";

test("what is the same has the same digest, and one that everybody computes", () => {
  expect(digestOf(["a", { b: 1 }])).toBe(digestOf(["a", { b: 1 }]));
  expect(digestOf(["a", { b: 2 }])).not.toBe(digestOf(["a", { b: 1 }]));
  expect(digestOf("")).toBe("12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126"); // of two quotation marks
});
