import { encodeValue } from "../../runtime/codec/value-codec.js";
import { PayloadArena } from "../../runtime/memory/payload-arena.js";
import { Payloads } from "../../runtime/worker/payloads.js";
import type { Operation } from "./operation.js";
import { mustBeCopy, values } from "./values.js";

const CAPACITY_BYTES = 1 << 22;
const THREAD = 0;
const SLOT = 1;

/** What an output costs that tasks on other threads may read: it goes as bytes into shared memory and comes out of there. */
export function codecOperations(): Operation[] {
  const payloads = new Payloads(THREAD, [new PayloadArena(new SharedArrayBuffer(PayloadArena.bytes(CAPACITY_BYTES)), 0, CAPACITY_BYTES)]);
  return values.flatMap(({ name, value, calls }) => [keeping(payloads, name, value, calls), reading(payloads, name, value, calls)]);
}

/** As SharedMemory puts an output, and frees it when its last reader has gone. */
function keeping(payloads: Payloads, name: string, value: object, calls: number): Operation {
  let kept = payloads.keep(encodeValue("nothing yet"), SLOT);
  return {
    name: `codec: ${name} checked, encoded, kept in shared memory, freed`,
    calls,
    run() {
      for (let count = 0; count < calls; count++) {
        payloads.free(kept);
        kept = payloads.keep(encodeValue(value), SLOT);
      }
    },
    check: () => mustBeCopy(payloads.decode(kept), value),
  };
}

/** As SharedMemory reads an output for each task. */
function reading(payloads: Payloads, name: string, value: object, calls: number): Operation {
  const kept = payloads.keep(encodeValue(value), SLOT);
  let last: unknown;
  return {
    name: `codec: ${name} copied out of shared memory, decoded, checked`,
    calls,
    run() {
      for (let count = 0; count < calls; count++) last = payloads.decode(kept);
    },
    check: () => mustBeCopy(last, value),
  };
}
