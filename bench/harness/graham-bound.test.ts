import { expect, test } from "vitest";
import { makespanBounds } from "./graham-bound.js";

test.each([
  [
    { workMs: 100, criticalPathMs: 20, workers: 2 },
    { lowerMs: 50, upperMs: 60 },
  ],
  [
    { workMs: 100, criticalPathMs: 80, workers: 4 },
    { lowerMs: 80, upperMs: 85 },
  ],
  [
    { workMs: 100, criticalPathMs: 30, workers: 1 },
    { lowerMs: 100, upperMs: 100 },
  ],
])("the bounds of %j are %j", (graph, bounds) => expect(makespanBounds(graph)).toEqual(bounds));
