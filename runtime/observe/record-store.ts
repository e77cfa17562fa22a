import { assert } from "../../actors/kernel/assert.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import { ATTEMPT, ENDED, FENCE, NODE, ORDER, POSITIONS, RETURNED, recordWordsMax, STARTED, WORDS } from "./record-layout.js";

/** Attempts that a worker keeps records of, if none is within a map: a record takes 64 bytes, and 8 more for each map around it. */
export const recordsMax = 1_000_000;
/** Room is taken, and given to newer records, by the chunk of so many of the shortest ones: 512 KB. */
const recordsPerChunk = 8_000;

/** What a worker has of one run. */
export interface KeptRecords {
  readonly count: number;
  /** See record-layout.ts. */
  readonly words: Float64Array;
  /** The worker has dropped records, of this run or others, as there were too many. */
  readonly hasDropped: boolean;
}

/** How much a store keeps. */
export interface RecordStoreLimits {
  /** @defaultValue `recordsMax` */
  readonly recordsMax?: number;
  /** @defaultValue 8,000 */
  readonly recordsPerChunk?: number;
}

/**
 * Records of the attempts that one worker has executed: the newest ones. Memory is taken as it is needed, up to the limit, and then
 * used again: the oldest chunk becomes the newest.
 *
 *   ├ record ┼ record ┼ … ┼ 0 ┤ ├ record ┼ … ┤ ├ record ┼ record ┼ 0 …              ┤
 *     oldest chunk                                newest chunk  ▲ end
 */
export class RecordStore {
  readonly #chunksMax: number;
  readonly #chunkWords: number;
  /** Oldest first. */
  readonly #chunks: Float64Array[] = [];
  #newest: Float64Array = new Float64Array();
  #end = 0;
  #hasDropped = false;

  constructor(limits: RecordStoreLimits = {}) {
    const perChunk = limits.recordsPerChunk ?? recordsPerChunk;
    this.#chunkWords = perChunk * POSITIONS;
    this.#chunksMax = Math.ceil((limits.recordsMax ?? recordsMax) / perChunk);
    assert(this.#chunkWords >= recordWordsMax, "every record fits a chunk");
  }

  /** Times in ms on the engine's clock. */
  note(task: ReadyTask, startedAt: number, endedAt: number, isReturned: boolean): void {
    if (this.#end + recordWordsMax > this.#newest.length) this.#beginChunk();
    const words = this.#newest;
    const at = this.#end;
    words[at + ORDER] = task.run.order;
    words[at + FENCE] = task.run.fence;
    words[at + STARTED] = startedAt;
    words[at + ENDED] = endedAt;
    words[at + NODE] = task.node;
    words[at + ATTEMPT] = task.attempt;
    words[at + RETURNED] = isReturned ? 1 : 0;
    this.#end = at + POSITIONS;
    if (task.scope.parent !== undefined) this.#writePositions(task);
    words[at + WORDS] = this.#end - at;
  }

  /** What is kept of one life of a run. Looks through all records that there are. */
  of(order: number, fence: number): KeptRecords {
    const found: Float64Array[] = [];
    let length = 0;
    for (const chunk of this.#chunks) {
      for (let at = 0; at < chunk.length && chunk[at] !== 0; at += chunk[at + WORDS] as number) {
        if (chunk[at + ORDER] !== order || chunk[at + FENCE] !== fence) continue;
        found.push(chunk.subarray(at, at + (chunk[at + WORDS] as number)));
        length += chunk[at + WORDS] as number;
      }
    }
    return { count: found.length, words: joined(found, length), hasDropped: this.#hasDropped };
  }

  #writePositions({ scope, instance }: ReadyTask): void {
    const { shape } = scope;
    if (shape.region === -1) this.#push(shape.count);
    this.#push(shape.region === -1 ? instance - shape.count : shape.elementOf(instance));
    for (let inner = scope; inner.parent?.parent !== undefined; inner = inner.parent) this.#push(inner.parentElement);
  }

  #push(position: number): void {
    this.#newest[this.#end++] = position;
  }

  #beginChunk(): void {
    if (this.#chunks.length < this.#chunksMax) this.#newest = new Float64Array(this.#chunkWords);
    else {
      this.#newest = (this.#chunks.shift() as Float64Array).fill(0); // there is at least one
      this.#hasDropped = true;
    }
    this.#chunks.push(this.#newest);
    this.#end = 0;
  }
}

function joined(parts: readonly Float64Array[], length: number): Float64Array {
  const words = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}
