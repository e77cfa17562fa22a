import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { nowMs } from "../../observe/system-clock.js";

/** Longest line that is handed on, in characters; longer ones are cut. */
export const lineCharsMax = 16 * 1024;
/** What a child may print in a second, in bytes; then it waits. */
export const printedBytesMax = 1 << 20;
const windowMs = 1000;

/** What V8 prints when a process ends because its heap is full. */
const heapIsFull = /^FATAL ERROR: .*(heap out of memory|Reached heap limit|Allocation failed)/;

export interface RelayParts {
  /** Takes whole lines; calls back when it can take more. */
  readonly write: (lines: string, onTaken: () => void) => void;
  readonly after: (ms: number, run: () => void) => () => void;
}

/**
 * Hands on, line by line, what a child prints. One that prints faster than it is read, or more than it may in a second, waits in its
 * own process.
 */
export class OutputRelay {
  readonly #parts: RelayParts;
  #since = nowMs();
  #bytes = 0;
  /** A line has said that the heap is full. */
  hasSeenFullHeap = false;

  constructor(streams: readonly Readable[], parts: RelayParts) {
    this.#parts = parts;
    for (const stream of streams) this.#follow(stream);
  }

  #follow(stream: Readable): void {
    const decoder = new StringDecoder("utf8");
    let begun = "";
    stream.on("data", (chunk: Buffer) => {
      const lines = `${begun}${decoder.write(chunk)}`.split("\n");
      begun = cut(lines.pop() as string); // there is one behind the last line break, if an empty one
      this.#pauseFor(stream, chunk.length, lines);
    });
    stream.on("end", () => {
      if (begun !== "") this.#hand([begun], () => {});
    });
    stream.on("error", () => {}); // it ends then
  }

  #pauseFor(stream: Readable, bytes: number, lines: readonly string[]): void {
    const now = nowMs();
    if (now - this.#since >= windowMs) {
      this.#since = now;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
    const waitMs = this.#bytes > printedBytesMax ? this.#since + windowMs - now : 0;
    if (lines.length === 0 && waitMs === 0) return;
    stream.pause();
    this.#hand(lines, () => {
      if (waitMs === 0) stream.resume();
      else this.#parts.after(waitMs, () => stream.resume());
    });
  }

  #hand(lines: readonly string[], onTaken: () => void): void {
    if (lines.some((line) => heapIsFull.test(line))) this.hasSeenFullHeap = true;
    this.#parts.write(lines.map((line) => `${cut(line)}\n`).join(""), onTaken);
  }
}

const cut = (line: string): string => (line.length <= lineCharsMax ? line : `${line.slice(0, lineCharsMax - 1)}…`);
