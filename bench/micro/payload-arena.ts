import { PayloadArena } from "../../runtime/memory/payload-arena.js";
import { MANY_CALLS, mustHold, type Operation, sumBelow } from "./operation.js";

const CAPACITY_BYTES = 1 << 22;
/** Payloads alive at a time. */
const ALIVE = 64;
/** Has no divisor in common with ALIVE: blocks are freed in another order than they were allocated in. */
const STEP = 7;
const SLOT = 1;

/** In each block lies the number of its allocation: what is lost, or given out again while it is in use, is missed in the sum. */
export function arenaOperations(): Operation[] {
  return [64, 4096].map((byteLength) => {
    const arena = new PayloadArena(new SharedArrayBuffer(PayloadArena.bytes(CAPACITY_BYTES)), 0, CAPACITY_BYTES);
    const owner = arena.claimOwner();
    const blocks = Array.from({ length: ALIVE }, () => owner.allocate(byteLength, SLOT));
    const usedBefore = arena.usedBytes();
    const numberIn = (block: number): number => arena.ints[block >> 2] as number; // within the arena
    const numbersAlive = (): number => blocks.reduce((sum, block) => sum + numberIn(block), 0);
    let freed = 0;
    let aliveBefore = 0;
    return {
      name: `arena: block of ${byteLength} bytes freed and allocated, ${ALIVE} alive`,
      calls: MANY_CALLS,
      run() {
        freed = 0;
        aliveBefore = numbersAlive();
        for (let count = 0; count < MANY_CALLS; count++) {
          const at = (count * STEP) % ALIVE;
          const block = blocks[at] as number; // there are as many as are alive
          freed += numberIn(block);
          arena.free(block);
          const next = owner.allocate(byteLength, SLOT);
          arena.ints[next >> 2] = count;
          blocks[at] = next;
        }
      },
      check() {
        const isWhole = aliveBefore + sumBelow(MANY_CALLS) === freed + numbersAlive() && arena.usedBytes() === usedBefore;
        mustHold(isWhole, "every block must be its own until it is freed, and as many as before be alive");
      },
    };
  });
}
