import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

const bufferSize = 50;
const producers = 40;
const consumers = 40;
const workCost = 25;

interface Start {
  readonly kind: "start";
  readonly producers: readonly ActorRef<ProducerMessage>[];
  readonly consumers: readonly ActorRef<ConsumerMessage>[];
  readonly items: number;
  readonly replyTo: ActorRef<Result>;
}

interface Result {
  readonly consumed: number;
  readonly sum: number;
  /** Most that was ever buffered. */
  readonly fullest: number;
}

type ManagerMessage =
  | Start
  | { readonly kind: "item"; readonly value: number; readonly from: ActorRef<ProducerMessage> }
  | { readonly kind: "consumed"; readonly value: number; readonly from: ActorRef<ConsumerMessage> };

interface ProducerMessage {
  readonly kind: "produce";
  readonly value: number;
  readonly to: ActorRef<ManagerMessage>;
}

interface ConsumerMessage {
  readonly value: number;
  readonly to: ActorRef<ManagerMessage>;
}

/** Takes a moment, and its result is not thrown away by a compiler. */
function work(value: number): number {
  let result = value;
  for (let step = 0; step < workCost; step++) result = Math.abs(Math.sin(result) * 1000);
  return result;
}

export const producer = defineActor((context: ActorContext<ProducerMessage>) => ({ value, to }) => {
  if (Number.isFinite(work(value))) to.tell({ kind: "item", value, from: context.self });
});

export const consumer = defineActor((context: ActorContext<ConsumerMessage>) => ({ value, to }) => {
  if (Number.isFinite(work(value))) to.tell({ kind: "consumed", value, from: context.self });
});

export const manager = defineActor((context: ActorContext<ManagerMessage>) => {
  let start: Start;
  let asked = 0;
  let consumed = 0;
  let sum = 0;
  let fullest = 0;
  const buffer: number[] = [];
  const idleProducers: ActorRef<ProducerMessage>[] = [];
  const idleConsumers: ActorRef<ConsumerMessage>[] = [];
  /** Items that are being made have their places already. */
  let coming = 0;
  const goOn = () => {
    for (let free = idleConsumers.length; free > 0 && buffer.length > 0; free--) {
      idleConsumers.pop()?.tell({ value: buffer.shift()!, to: context.self });
    }
    while (asked < start.items && idleProducers.length > 0 && buffer.length + coming < bufferSize) {
      asked += 1;
      coming += 1;
      idleProducers.pop()?.tell({ kind: "produce", value: asked, to: context.self });
    }
    if (consumed === start.items) start.replyTo.tell({ consumed, sum, fullest });
  };
  return (message) => {
    if (message.kind === "start") {
      start = message;
      idleProducers.push(...message.producers);
      idleConsumers.push(...message.consumers);
    } else if (message.kind === "item") {
      coming -= 1;
      buffer.push(message.value);
      fullest = Math.max(fullest, buffer.length);
      idleProducers.push(message.from);
    } else {
      consumed += 1;
      sum += message.value;
      idleConsumers.push(message.from);
    }
    goOn();
  };
});

/** Producers and consumers with a buffer of bounded size between them. */
export const boundedBuffer: Savina = {
  name: "bounded buffer",
  sized: "items of each of 40 producers",
  sizes: { full: 1_000, tenth: 100, tiny: 5 },
  async run(place, itemsOfEach) {
    const module = import.meta.url;
    const makers = await place.spawnAll<typeof producer>(producers, { module, export: "producer" });
    const takers = await place.spawnAll<typeof consumer>(consumers, { module, export: "consumer" });
    const between = await place.spawn<typeof manager>(0, { module, export: "manager" });
    const items = producers * itemsOfEach;
    const result = await between.ask({ kind: "start", producers: makers, consumers: takers, items }, patience);
    mustBe(result.consumed, items, "items consumed");
    mustBe(result.sum, (items * (items + 1)) / 2, "sum of the items");
    if (result.fullest > bufferSize) mustBe(result.fullest, bufferSize, "most that was buffered");
    return 4 * items;
  },
};
