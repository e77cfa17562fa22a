import { expect, test } from "vitest";
import { type CpuProfile, selfTimes } from "./cpu-profile.js";

const frame = (functionName: string, lineNumber = 0) => ({ functionName, url: "file:///a.js", lineNumber, columnNumber: 0 });

/** Two nodes of the tree are the function `twice`: it was called from two places. Another of its name stands on another line. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame("(root)") },
    { id: 2, callFrame: frame("twice") },
    { id: 3, callFrame: frame("once") },
    { id: 4, callFrame: frame("twice") },
    { id: 5, callFrame: frame("twice", 7) },
  ],
  samples: [3, 2, 3, 4, 5, 3],
  timeDeltas: [1000, 10, 20, 30, 40, 100],
};
const sharesOf = (fromUs: number) =>
  selfTimes(profile, fromUs).map(({ frame: { functionName, lineNumber }, share }) => [functionName, lineNumber, share]);

test("a look stands for the time until the next one, and the nodes of one function count together", () => {
  expect(sharesOf(0)).toEqual([
    ["twice", 7, 100 / 200],
    ["twice", 0, (20 + 40) / 200],
    ["once", 0, (10 + 30) / 200],
  ]);
});

test("the beginning is left out", () => {
  expect(sharesOf(1040)).toEqual([
    ["twice", 7, 100 / 140],
    ["twice", 0, 40 / 140],
  ]);
  expect(sharesOf(10_000)).toEqual([]);
});
