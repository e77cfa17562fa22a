import { expect, test } from "vitest";
import { LABEL_LENGTH_MAX, labelValue } from "./label-value.js";

test("what terminals obey is gone, all else is kept", () => {
  expect(labelValue("\x1b[31mred\x07\x9b2J\r\n\u202eback")).toBe("�[31mred��2J���back");
  expect(labelValue('"} 1\\fake <img onerror> 50 % µs 日本')).toBe('"} 1\\fake <img onerror> 50 % µs 日本');
  expect(labelValue("half \ud800 of a pair")).toBe("half � of a pair");
});

test.each([
  ["redis://me:canary@127.0.0.1:6379", "redis://***@127.0.0.1:6379"],
  ["redis://me:can/ary@127.0.0.1", "redis://***@127.0.0.1"],
  ["of redis://me:can@ary@host at 4", "of redis://***@host at 4"],
  ["me@host", "me@host"],
])("%s keeps no password", (text, kept) => expect(labelValue(text)).toBe(kept));

test("long ones are cut, and stay apart", () => {
  const [one, other] = ["1", "2"].map((end) => labelValue(`${"x".repeat(10_000)}${end}`));
  expect(one).toHaveLength(LABEL_LENGTH_MAX);
  expect(one).toMatch(/^x+…[0-9a-f]{8}$/);
  expect(one).not.toBe(other);
});
