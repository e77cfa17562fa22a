import { ByteRing } from "../../runtime/memory/byte-ring.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

const CAPACITY_BYTES = 1 << 20;

/** One thread at both ends: what the atomics and copies cost while nobody contends for them. */
export function ringOperations(): Operation[] {
  return [16, 64, 1024, 16_384].map((byteLength) => {
    const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(CAPACITY_BYTES)), 0, CAPACITY_BYTES);
    const producer = ring.claimProducer();
    const consumer = ring.claimConsumer();
    const frame = new Uint8Array(byteLength).fill(7);
    let bytes = 0;
    let last = 0;
    return {
      name: `ring: frame of ${byteLength} bytes offered and taken`,
      calls: MANY_CALLS,
      run() {
        bytes = 0;
        for (let count = 0; count < MANY_CALLS; count++) {
          producer.offer(frame);
          const taken = consumer.take() as Uint8Array; // it was offered just now
          bytes += taken.length;
          last = taken[byteLength - 1] as number; // as long as it was
        }
      },
      check: () => mustHold(bytes === MANY_CALLS * byteLength && last === 7, "every frame must come out as it was"),
    };
  });
}
