import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArenaOwner, walkBlocksMax } from "./arena-owner.js";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import { PayloadArena } from "./payload-arena.js";
import { SwitchedWords } from "./switched-words.fixture.js";
import { AtomicWords } from "./words.js";

const HEADER = 16;
const blockBytes = (byteLength: number): number => HEADER + Math.max(16, Math.ceil(byteLength / 16) * 16);

function open(capacityBytes: number) {
  const buffer = new SharedArrayBuffer(PayloadArena.bytes(capacityBytes));
  const words = new SwitchedWords(new AtomicWords(new Int32Array(buffer)));
  return { ownerSide: new PayloadArena(buffer, 0, capacityBytes, words), other: new PayloadArena(buffer, 0, capacityBytes), words };
}

interface Payload {
  block: number;
  byteLength: number;
  fill: number;
}

/** Allocates and fills; a payload that another one overlaps shows when it is checked. */
function put(arena: PayloadArena, owner: ArenaOwner, byteLength: number, fill: number, tag = 0): Payload | undefined {
  const block = owner.allocate(byteLength, tag);
  if (block < 0) return undefined;
  arena.bytes.fill(fill, block, block + byteLength);
  return { block, byteLength, fill };
}

function expectIntact(arena: PayloadArena, payloads: Iterable<Payload>): void {
  for (const { block, byteLength, fill } of payloads) {
    expect(arena.lengthOf(block)).toBe(byteLength);
    const bytes = arena.bytes.subarray(block, block + byteLength);
    if (bytes.some((byte) => byte !== fill)) expect.fail(`payload at ${block} was overwritten`);
  }
}

/** Longest run of bytes between live payloads: what a first fit with perfect joining could still give. */
function longestGap(capacityBytes: number, live: Payload[]): number {
  const sorted = [...live].sort((a, b) => a.block - b.block);
  let at = 128;
  let longest = 0;
  for (const { block, byteLength } of sorted) {
    longest = Math.max(longest, block - HEADER - at);
    at = block - HEADER + blockBytes(byteLength);
  }
  return Math.max(longest, 128 + capacityBytes - at);
}

describe("PayloadArena", () => {
  test("a payload lies 16-byte aligned inside the region and has exactly its length", () => {
    const { ownerSide, other } = open(1024);
    const owner = ownerSide.claimOwner();
    const payloads = [0, 1, 15, 16, 17, 100].map((byteLength, index) => put(ownerSide, owner, byteLength, index + 1)!);
    for (const { block } of payloads) expect(block % 16).toBe(0);
    expectIntact(other, payloads);
  });

  test("a full arena answers -1, and gives what another thread freed", () => {
    const { ownerSide, other } = open(256);
    const owner = ownerSide.claimOwner();
    const blocks = [48, 48, 48, 48].map((byteLength) => owner.allocate(byteLength));
    expect(blocks.every((block) => block > 0)).toBe(true);
    expect(owner.allocate(0)).toBe(-1);
    other.free(blocks[1]!);
    expect(owner.allocate(48)).toBe(blocks[1]);
  });

  test("neighbours freed in any order become one block again, and the last ones rest", () => {
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
    ]) {
      const { ownerSide, other } = open(256);
      const owner = ownerSide.claimOwner();
      const blocks = [48, 48, 48, 48].map((byteLength) => owner.allocate(byteLength));
      for (const index of order) other.free(blocks[index]!);
      expect(owner.allocate(240)).toBe(blocks[0]);
      expect(other.usedBytes()).toBe(256);
    }
  });

  test("what is left of a block that is too small for another one belongs to the block", () => {
    const { ownerSide, other } = open(64 + 16);
    const owner = ownerSide.claimOwner();
    const block = owner.allocate(48);
    expect(other.usedBytes()).toBe(80);
    other.free(block);
    expect(other.lengthOf(owner.allocate(40))).toBe(40);
    expect(other.usedBytes()).toBe(80);
  });

  test("a block is freed once, and only a block is", () => {
    const { ownerSide, other } = open(256);
    const block = ownerSide.claimOwner().allocate(10);
    other.free(block);
    expect(() => other.free(block)).toThrow("freed once");
    for (const wrong of [0, -16, block + 4, 4096, Number.NaN]) {
      expect(() => other.free(wrong)).toThrow(expect.objectContaining({ code: "DF_RING_CORRUPT" }));
      expect(() => other.lengthOf(wrong)).toThrow(expect.objectContaining({ code: "DF_RING_CORRUPT" }));
    }
  });

  test("a heap that somebody has written over is reported, not walked", () => {
    for (const size of [16, 40, -32, 100_000]) {
      const { ownerSide, other } = open(1024);
      const owner = ownerSide.claimOwner();
      const blocks = [owner.allocate(16), owner.allocate(16)];
      other.free(blocks[0]!);
      other.ints[(blocks[0]! - HEADER) / 4] = size;
      expect(() => owner.allocate(500)).toThrow(expect.objectContaining({ code: "DF_RING_CORRUPT" }));
      expect(() => other.usedBytes()).toThrow(expect.objectContaining({ code: "DF_RING_CORRUPT" }));
    }
  });

  test("sweep() frees the live blocks with a stale tag and leaves the others", () => {
    const { ownerSide, other } = open(2048);
    const owner = ownerSide.claimOwner();
    const payloads = Array.from({ length: 12 }, (_, index) => put(ownerSide, owner, 20 + index, index + 1, index % 3)!);
    other.free(payloads[1]!.block);
    expect(other.sweep((tag) => tag === 1)).toBe(3);
    expect(other.sweep((tag) => tag === 1)).toBe(0);
    const left = payloads.filter((_, index) => index % 3 !== 1);
    expectIntact(other, left);
    expect(other.usedBytes()).toBe(left.reduce((sum, { byteLength }) => sum + blockBytes(byteLength), 0));
  });

  test("an allocation looks at few blocks while there are fresh bytes, however many blocks are live", () => {
    const { ownerSide, words } = open(1 << 16);
    const owner = ownerSide.claimOwner();
    for (let index = 0; index < 500; index++) owner.allocate(16);
    let accesses = 0;
    const plain = words.target;
    words.target = new InterruptedWords(plain, walkBlocksMax + 6, () => {
      accesses = walkBlocksMax + 6;
    });
    expect(owner.allocate(16)).toBeGreaterThan(0);
    expect(accesses).toBe(0);
  });

  test("a full arena is not scanned at each vain allocation, and what is freed is found within one round", () => {
    const { ownerSide, other, words } = open(200 * 32);
    const owner = ownerSide.claimOwner();
    const blocks = Array.from({ length: 200 }, () => owner.allocate(16));
    expect(owner.allocate(16)).toBe(-1);
    const plain = words.target;
    const counting = new InterruptedWords(plain, 200, () => {});
    words.target = counting;
    for (let index = 0; index < 10; index++) expect(owner.allocate(16)).toBe(-1);
    expect(counting.wasInterrupted).toBe(false);
    words.target = plain;
    other.free(blocks[3]!);
    let tries = 1;
    while (owner.allocate(16) !== blocks[3]) tries += 1;
    expect(tries).toBeLessThanOrEqual(200 / walkBlocksMax + 1);
  });

  test("once the rover has been round, the next allocation scans again", () => {
    const { ownerSide, other } = open(40 * 32);
    const owner = ownerSide.claimOwner();
    const blocks = Array.from({ length: 40 }, () => owner.allocate(16));
    expect(owner.allocate(16)).toBe(-1);
    other.free(blocks[39]!);
    while (owner.allocate(16) !== blocks[39]);
    other.free(blocks[20]!);
    expect(owner.allocate(16)).toBe(blocks[20]);
  });

  test("any order of allocations and frees keeps payloads apart, and -1 means that there is no gap", () => {
    const capacityBytes = 1024;
    const step = fc.oneof(
      fc.record({ do: fc.constant("allocate" as const), byteLength: fc.oneof(fc.nat(40), fc.nat(400)) }),
      fc.record({ do: fc.constant("free" as const), index: fc.nat() }),
      fc.record({ do: fc.constant("succeed" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const { ownerSide, other } = open(capacityBytes);
        let owner = ownerSide.claimOwner();
        let hasScannedInVain = false;
        const live: Payload[] = [];
        steps.forEach((what, index) => {
          if (what.do === "succeed") {
            ownerSide.repair();
            owner = ownerSide.claimOwner();
            hasScannedInVain = false;
          } else if (what.do === "free") {
            const [payload] = live.length === 0 ? [] : live.splice(what.index % live.length, 1);
            if (payload !== undefined) other.free(payload.block);
          } else {
            const payload = put(ownerSide, owner, what.byteLength, index & 0xff);
            if (payload !== undefined) live.push(payload);
            else if (!hasScannedInVain) {
              // A block may be 16 bytes longer than its payload needs, so gaps are measured to within one such piece a block.
              expect(longestGap(capacityBytes, live)).toBeLessThan(blockBytes(what.byteLength) + 32);
              hasScannedInVain = true;
            }
          }
          expectIntact(other, live);
        });
        for (const { block } of live) other.free(block);
        expect(other.usedBytes()).toBe(0);
        ownerSide.repair();
        expect(ownerSide.claimOwner().allocate(capacityBytes - HEADER)).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  test("an allocation during which another thread frees keeps payloads apart, wherever that cuts in", () => {
    for (let freed = 0; freed < 4; freed++) {
      for (let access = 1, wasCut = true; wasCut; access++) {
        const { ownerSide, other, words } = open(256);
        const owner = ownerSide.claimOwner();
        const payloads = [48, 48, 48, 48].map((byteLength, index) => put(ownerSide, owner, byteLength, index + 1)!);
        other.free(payloads[2]!.block);
        payloads.splice(2, 1);
        const cut = new InterruptedWords(words.target, access, () => other.free(payloads.splice(freed % 3, 1)[0]!.block));
        words.target = cut;
        const made = put(ownerSide, owner, 20 + freed * 20, 99);
        if (made !== undefined) payloads.push(made);
        expectIntact(other, payloads);
        expect(other.usedBytes()).toBeGreaterThanOrEqual(payloads.reduce((sum, { byteLength }) => sum + blockBytes(byteLength), 0));
        wasCut = cut.wasInterrupted;
      }
    }
  });

  describe("after a death", () => {
    /** Heaps in which an allocation of 40 bytes cuts a block, joins blocks, joins the rest, takes the rest or its last bytes. */
    const heaps: [string, number, number[], number[], number][] = [
      ["cuts a free block", 512, [200, 16], [0], 40],
      ["joins free blocks", 512, [16, 16, 16, 200, 16], [0, 1, 2], 40],
      ["gives blocks back to the rest", 512, [100, 16, 16], [1, 2], 300],
      ["takes fresh bytes", 512, [16, 16], [], 40],
      ["takes the last bytes", 208, [112], [], 50],
      ["finds no room", 256, [100, 80], [0], 150],
    ];
    const deaths = heaps.flatMap(([what, ...rest]) => (["before", "after"] as const).map((when) => [what, when, ...rest] as const));

    test.each(deaths)(
      "an owner that %s and ends %s any access leaves a heap that can be walked",
      (_, when, capacity, lengths, freed, need) => {
        for (let access = 1, died = true; died; access++) {
          const { ownerSide, other, words } = open(capacity);
          const owner = ownerSide.claimOwner();
          const payloads = lengths.map((byteLength, index) => put(ownerSide, owner, byteLength, index + 1, 1)!);
          for (const index of freed) other.free(payloads[index]!.block);
          const live = payloads.filter((_, index) => !freed.includes(index));
          const usedBefore = other.usedBytes();
          words.target = new DyingWords(words.target, access, when);
          died = dies(() => owner.allocate(need, 77));

          expectIntact(other, live);
          const lost = other.sweep((tag) => tag === 77);
          expect(lost).toBeLessThanOrEqual(1);
          expect(other.usedBytes()).toBe(usedBefore);
          other.repair();
          const successor = other.claimOwner();
          const more = [16, 40, 16]
            .map((byteLength, index) => put(other, successor, byteLength, 50 + index))
            .filter((made) => made !== undefined);
          expectIntact(other, [...live, ...more]);
          for (const { block } of [...live, ...more]) other.free(block);
          expect(successor.allocate(capacity - HEADER)).toBeGreaterThan(0);
        }
      },
    );

    test("the arena is claimed once, until its repair", () => {
      const { ownerSide, other } = open(256);
      ownerSide.claimOwner();
      expect(() => other.claimOwner()).toThrow("claimed once");
      other.repair();
      other.claimOwner();
    });
  });

  test("a large arena costs nothing before it is used", () => {
    const before = process.memoryUsage().rss;
    const { ownerSide } = open(2 ** 28);
    const owner = ownerSide.claimOwner();
    expect(owner.allocate(1000)).toBeGreaterThan(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26);
  });

  test.each([0, 16, 100, 2 ** 28 + 16])("a capacity of %d bytes is refused", (capacity) => {
    expect(() => PayloadArena.bytes(capacity)).toThrow("must hold");
  });
});

function dies(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof Died) return true;
    throw error;
  }
}
