import { ByteRing } from "../../runtime/memory/byte-ring.js";
import { MANY_CALLS, mustHold, type Operation, sumBelow } from "./operation.js";

/** As an engine has it. */
const CAPACITY_BYTES = 256 * 1024;
/** A number that every byte can hold. */
const DISTINCT = 250;

/** One thread at both ends: what the atomics and copies cost while nobody contends for them. */
export function ringOperations(): Operation[] {
  return [16, 64, 1024, 16_384].map((byteLength) => {
    const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(CAPACITY_BYTES)), 0, CAPACITY_BYTES);
    const producer = ring.claimProducer();
    const consumer = ring.claimConsumer();
    const frame = new Uint8Array(byteLength);
    let bytes = 0;
    let sum = 0;
    return {
      name: `ring: frame of ${byteLength} bytes offered and taken`,
      calls: MANY_CALLS,
      run() {
        bytes = 0;
        sum = 0;
        for (let count = 0; count < MANY_CALLS; count++) {
          frame[byteLength - 1] = count % DISTINCT;
          producer.offer(frame);
          const taken = consumer.take() as Uint8Array; // it was offered just now
          bytes += taken.length;
          sum += taken[byteLength - 1] as number; // as long as it was
        }
      },
      check() {
        const isWhole = bytes === MANY_CALLS * byteLength && sum === (MANY_CALLS / DISTINCT) * sumBelow(DISTINCT);
        mustHold(isWhole, "every frame must come out as it was");
      },
    };
  });
}
