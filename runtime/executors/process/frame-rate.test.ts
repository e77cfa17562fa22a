import { expect, test } from "vitest";
import { FrameRate, framesPerSecondMax } from "./frame-rate.js";

test("FrameRate allows so many frames a second, and as many in the next one", () => {
  const rate = new FrameRate();
  for (const second of [0, 1, 2]) {
    for (let frame = 0; frame < framesPerSecondMax; frame++)
      expect(rate.allows(second * 1000 + 999 * (frame / framesPerSecondMax))).toBe(true);
    expect(rate.allows(second * 1000 + 999)).toBe(false);
  }
});
