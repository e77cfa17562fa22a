import fc from "fast-check";
import { expect, test } from "vitest";
import { FileNames } from "./file-names.js";

test.each([
  ["DataFlower, profile latency 50 %", "dataflower-profile-latency-50"],
  ["../../etc/passwd", "etc-passwd"],
  ["con", "con"],
  ["\u0000", "unnamed"],
  ["x".repeat(300), "x".repeat(80)],
])("%j becomes %s", (name, file) => expect(new FileNames().of(name)).toBe(file));

test("whatever the names, the files are plain and no two are the same", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (names) => {
      const files = new FileNames();
      const given = names.map((name) => files.of(name));
      expect(new Set(given).size).toBe(given.length);
      for (const file of given) expect(file).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    }),
  );
});
