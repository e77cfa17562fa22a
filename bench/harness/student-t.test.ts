import { expect, test } from "vitest";
import { studentT95 } from "./student-t.js";

test.each([
  [1, 12.7062],
  [2, 4.30265],
  [3, 3.18245],
  [4, 2.77645],
  [6, 2.44691],
  [10, 2.22814],
  [30, 2.04227],
  [1000, 1.96234],
])("of %d degrees of freedom it is that of printed tables", (freedom, expected) => expect(studentT95(freedom)).toBeCloseTo(expected, 3));
