import { describe, expect, test } from "vitest";
import { type DeadLetter, DeadLetters } from "./dead-letters.js";
import { deadLettersKeptMax } from "./limits.js";

describe("DeadLetters", () => {
  test("counts every letter and keeps the newest, oldest first", () => {
    const letters = new DeadLetters();
    const count = deadLettersKeptMax + 7;
    for (let message = 0; message < count; message++) letters.accept("someone", message, "full");
    expect(letters.count).toBe(count);
    expect(letters.kept.map(({ message }) => message)).toEqual(Array.from({ length: deadLettersKeptMax }, (_, index) => index + 7));
  });

  test("tells its one listener of each, until it is removed", () => {
    const letters = new DeadLetters();
    const first: DeadLetter[] = [];
    const second: DeadLetter[] = [];
    letters.accept("a", 0, "full");
    letters.listen((letter) => first.push(letter));
    letters.accept("b", 1, "stopped");
    letters.listen((letter) => second.push(letter));
    letters.accept("c", 2, "full");
    letters.listen(undefined);
    letters.accept("d", 3, "full");
    expect(first).toEqual([{ to: "b", message: 1, reason: "stopped" }]);
    expect(second).toEqual([{ to: "c", message: 2, reason: "full" }]);
    expect(letters.count).toBe(4);
  });
});
