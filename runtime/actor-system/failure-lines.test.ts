import { expect, test } from "vitest";
import { failureLines, failureLinesMax } from "./failure-lines.js";

test("failures are lines of JSON, whatever was thrown, and not more than so many", () => {
  const lines: string[] = [];
  const tell = failureLines((line) => void lines.push(line));
  tell(new RangeError("too\nmuch"), "it");
  tell(Symbol("thrown"), "other");
  tell(undefined, "third");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: "warn", actor: "it", message: "RangeError: too\nmuch", stack: expect.stringContaining("failure-lines.test") },
    { actor: "other", message: expect.stringContaining("Symbol(thrown)") },
    { actor: "third", message: "An actor threw what is no error" },
  ]);
  for (let failure = 0; failure < failureLinesMax; failure++) tell(new Error("again"), "it");
  expect(lines.length).toBe(failureLinesMax + 1);
  expect(lines.at(-1)).toContain("no more is said");
});
