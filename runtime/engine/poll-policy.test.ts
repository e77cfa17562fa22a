import { describe, expect, test } from "vitest";
import { PollPolicy } from "./poll-policy.js";

/** One wait in which nothing comes: how many looks it takes before the control thread sleeps. */
function waitInVain(policy: PollPolicy): number {
  let looks = 0;
  while (policy.looksAgain(false, true)) looks += 1;
  return looks;
}

describe("PollPolicy", () => {
  test("looks again after every result", () => {
    const policy = new PollPolicy();
    for (let again = 0; again < 20; again++) expect(policy.looksAgain(true, true)).toBe(true);
  });

  test("sleeps at once when nothing can come", () => {
    expect(new PollPolicy().looksAgain(false, false)).toBe(false);
  });

  test("gives a wait up after a while", () => {
    expect(waitInVain(new PollPolicy())).toBeGreaterThan(0);
  });

  test("stops polling when it does not pay, tries again from time to time, and polls again once it pays", () => {
    const policy = new PollPolicy();
    const polled = Array.from({ length: 64 }, () => waitInVain(policy) > 0);
    expect(polled.slice(0, 8)).toEqual(new Array(8).fill(true));
    const tries = polled.slice(16).filter(Boolean).length;
    expect(tries).toBeGreaterThan(0);
    expect(tries).toBeLessThan(8);
    for (let again = 0; again < 32; again++) if (policy.looksAgain(false, true)) policy.looksAgain(true, true);
    expect(waitInVain(policy)).toBeGreaterThan(0);
  });
});
