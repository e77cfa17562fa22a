import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { lineCharsMax, OutputRelay, printedBytesMax } from "./output-relay.js";

/** A relay of one stream, what it has written, and who waits. */
function open({ isTaking = true } = {}) {
  const stream = new PassThrough();
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const delays: { readonly ms: number; readonly run: () => void }[] = [];
  const relay = new OutputRelay([stream], {
    write: (lines, onTaken) => {
      written.push(lines);
      if (isTaking) onTaken();
      else waiting.push(onTaken);
    },
    after: (ms, run) => {
      delays.push({ ms, run });
      return () => {};
    },
  });
  return { stream, relay, written, waiting, delays };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("OutputRelay", () => {
  test("hands on whole lines, and what is left at the end", async () => {
    const { stream, written } = open();
    for (const piece of ["a", "b\nc", "d\n\n", "e"]) {
      stream.write(piece);
      await turn();
    }
    stream.end();
    await turn();
    expect(written.join("")).toBe("ab\ncd\n\ne\n");
  });

  test("keeps letters whole that come in pieces", async () => {
    const { stream, written } = open();
    const bytes = Buffer.from("fünf €\n");
    for (const byte of bytes) {
      stream.write(Buffer.of(byte));
      await turn();
    }
    expect(written.join("")).toBe("fünf €\n");
  });

  test("cuts long lines, and keeps no more of one that does not end", async () => {
    const { stream, written } = open();
    for (let piece = 0; piece < 10; piece++) {
      stream.write("x".repeat(lineCharsMax / 2));
      await turn();
    }
    stream.write("\nnext\n");
    await turn();
    const [long, next] = written.join("").split("\n");
    expect([long?.length, long?.at(-1), next]).toEqual([lineCharsMax, "…", "next"]);
  });

  test("reads no more while what it has handed on is not taken", async () => {
    const { stream, written, waiting } = open({ isTaking: false });
    stream.write("a\n");
    await turn();
    stream.write("b\n");
    await turn();
    expect(written).toEqual(["a\n"]);
    waiting.shift()?.();
    await turn();
    expect(written).toEqual(["a\n", "b\n"]);
  });

  test("has a child that prints more than it may in a second wait for the next one", async () => {
    const { stream, written, delays } = open();
    stream.write(`${"x".repeat(printedBytesMax)}\n`);
    await turn();
    stream.write("later\n");
    await turn();
    expect(delays).toHaveLength(1);
    expect(delays[0]?.ms).toBeGreaterThan(0);
    expect(written.join("")).not.toContain("later");
    delays[0]?.run();
    await turn();
    expect(written.join("")).toContain("later");
  });

  test.each([
    ["FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", true],
    ["FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory", true],
    ["FATAL ERROR: something else", false],
    ["heap out of memory", false],
  ])("knows that the heap was full by what V8 prints: %s", async (line, isFull) => {
    const { stream, relay } = open();
    stream.write(`${line}\n`);
    await turn();
    expect(relay.hasSeenFullHeap).toBe(isFull);
  });
});
