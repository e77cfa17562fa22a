import { ReadyQueue } from "../../runtime/memory/ready-queue.js";
import { TicketReader, TicketWriter, ticketWords } from "../../runtime/worker/ticket.js";
import { MANY_CALLS, mustHold, type Operation, sumBelow } from "./operation.js";

/** As an engine of two workers has it. */
const LAYOUT = { capacity: 4096, threads: 3, cellsPerProducer: 1024, cellWords: ticketWords };
const RUN = {
  slot: 1,
  epoch: 1,
  ownId: undefined,
  order: 1,
  rank: 0,
  submittedAt: 1,
  priority: 0,
  deadline: Number.NaN,
  fence: 1,
  pastBlock: 0,
};
const WORKFLOW = 0;

/** One thread at both ends: what the atomics cost while nobody contends for them. */
export function queueOperations(): Operation[] {
  return [taskThrough(), lookIntoEmpty()];
}

/** A task of a shared run, as WorkSharing offers it and TicketSource takes it. */
function taskThrough(): Operation {
  const queue = open();
  const producer = queue.claimProducer(0);
  const consumer = queue.claimConsumer(1);
  const writer = new TicketWriter(queue.ints);
  const ticket = new TicketReader(queue.ints);
  const place = { home: 0, scope: 1, instance: 0, attempt: 1, offeredAt: 1 };
  let sum = 0;
  return {
    name: "queue: task written, published, taken, read, given back",
    calls: MANY_CALLS,
    run() {
      sum = 0;
      for (let count = 0; count < MANY_CALLS; count++) {
        const cell = producer.reserve();
        place.instance = count;
        writer.task(queue.wordOf(cell), RUN, WORKFLOW, place);
        producer.publish(cell);
        const taken = consumer.take();
        ticket.at = queue.wordOf(taken);
        sum += ticket.slot + ticket.epoch + ticket.home + ticket.scope + ticket.instance + ticket.attempt + ticket.offeredAt;
        consumer.done(taken);
      }
    },
    check: () => mustHold(sum === sumBelow(MANY_CALLS) + 5 * MANY_CALLS, "every task must come out as it was written"),
  };
}

/** What an idle worker asks again and again. */
function lookIntoEmpty(): Operation {
  const consumer = open().claimConsumer(1);
  let sum = 0;
  return {
    name: "queue: look into an empty one",
    calls: MANY_CALLS,
    run() {
      sum = 0;
      for (let look = 0; look < MANY_CALLS; look++) sum += consumer.take();
    },
    check: () => mustHold(sum === -MANY_CALLS, "an empty queue must say so"),
  };
}

function open(): ReadyQueue {
  return new ReadyQueue(new SharedArrayBuffer(ReadyQueue.bytes(LAYOUT)), 0, LAYOUT);
}
