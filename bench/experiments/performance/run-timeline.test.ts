import { expect, test } from "vitest";
import runTimeline from "./run-timeline.js";

test("schedulers that there are not are refused", () => {
  const { schedulers } = runTimeline.config;
  expect(schedulers.safeParse(["fifo", "critical-path"]).success).toBe(true);
  expect(schedulers.safeParse(["nonsense"]).error?.issues[0]?.message).toContain('expected one of "fifo"|');
});
