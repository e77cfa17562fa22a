import { expect, test } from "vitest";
import { callInFreshProcess } from "./fresh-process.fixture.js";

/** Of a module that writes and then does not end, or breaks. */
const moduleOf = (body: string) => new URL(`data:text/javascript,export const measure = async () => { ${body} };`);
const hang = 'console.error("still here"); await new Promise((resolve) => setTimeout(resolve, 60_000));';

test("a process that takes too long is ended, and the limit is named", async () => {
  await expect(callInFreshProcess(moduleOf(hang), "measure", {}, { timeoutMs: 1_500 })).rejects.toThrow(
    /^Cannot measure measure of .* as its process must end within 1.5 s: found it running$/,
  );
});

test("a process that is ended by whoever waits for it has not taken too long", async () => {
  const signal = AbortSignal.timeout(500);
  await expect(callInFreshProcess(moduleOf(hang), "measure", {}, { signal })).rejects.toThrow(/as its process failed: /);
});

test("a process that breaks is told by what it wrote", async () => {
  await expect(callInFreshProcess(moduleOf('throw new Error("broken")'), "measure", {})).rejects.toThrow(
    /as its process failed: .*broken/s,
  );
});
