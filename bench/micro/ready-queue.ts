import { ReadyQueue } from "../../runtime/memory/ready-queue.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

/** As an engine of two workers has it. */
const LAYOUT = { capacity: 256, threads: 2, cellsPerProducer: 128, cellWords: 14 };

/** One thread at both ends: what the atomics cost while nobody contends for them. */
export function queueOperations(): Operation[] {
  const queue = new ReadyQueue(new SharedArrayBuffer(ReadyQueue.bytes(LAYOUT)), 0, LAYOUT);
  const producer = queue.claimProducer(0);
  const consumer = queue.claimConsumer(1);
  let sum = 0;
  return [
    {
      name: "queue: ticket written, published, taken, read, given back",
      calls: MANY_CALLS,
      run() {
        sum = 0;
        for (let ticket = 0; ticket < MANY_CALLS; ticket++) {
          const cell = producer.reserve();
          queue.ints[queue.wordOf(cell)] = ticket;
          producer.publish(cell);
          const taken = consumer.take();
          sum += queue.ints[queue.wordOf(taken)] as number; // a cell has its words
          consumer.done(taken);
        }
      },
      check: () => mustHold(sum === sumBelow(MANY_CALLS), "every ticket must come out as it was written"),
    },
    {
      name: "queue: look into an empty one",
      calls: MANY_CALLS,
      run() {
        sum = 0;
        for (let look = 0; look < MANY_CALLS; look++) sum += consumer.take();
      },
      check: () => mustHold(sum === -MANY_CALLS, "an empty queue must say so"),
    },
  ];
}

const sumBelow = (count: number) => (count * (count - 1)) / 2;
