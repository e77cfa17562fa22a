import { PayloadArena } from "../../runtime/memory/payload-arena.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

const CAPACITY_BYTES = 1 << 22;
/** Payloads alive at a time. */
const ALIVE = 64;

export function arenaOperations(): Operation[] {
  return [64, 4096].map((byteLength) => {
    const arena = new PayloadArena(new SharedArrayBuffer(PayloadArena.bytes(CAPACITY_BYTES)), 0, CAPACITY_BYTES);
    const owner = arena.claimOwner();
    const blocks = Array.from({ length: ALIVE }, () => owner.allocate(byteLength));
    const usedBefore = arena.usedBytes();
    return {
      name: `arena: block of ${byteLength} bytes freed and allocated, ${ALIVE} alive`,
      calls: MANY_CALLS,
      run() {
        for (let count = 0; count < MANY_CALLS; count++) {
          const at = (count * 7) % ALIVE;
          arena.free(blocks[at] as number); // there are as many as are alive
          blocks[at] = owner.allocate(byteLength);
        }
      },
      check() {
        const isWhole = new Set(blocks).size === ALIVE && !blocks.includes(-1) && arena.usedBytes() === usedBefore;
        mustHold(isWhole, "as many blocks as before must be alive, each once");
      },
    };
  });
}
