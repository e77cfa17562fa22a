import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, randomInts, type Savina } from "../savina.js";

/** Values lie below 2⁵²: beyond it a number of this language has no room for another bit. The suite has 2⁶⁰. */
const bits = 52;

type SortMessage = { readonly kind: "value"; readonly value: number } | { readonly kind: "end" };

interface Produce {
  readonly to: ActorRef<SortMessage>;
  readonly values: number;
  /** @returns the sum of what was sent, modulo 2³² */
  readonly replyTo: ActorRef<number>;
}

/** Lets values through whose bit is 0 at once, and the others behind them. */
export const sorter = defineActor(
  (_: ActorContext<SortMessage>, { bit, next }: { readonly bit: number; readonly next: ActorRef<SortMessage> }) => {
    const radix = 2 ** bit;
    const behind: number[] = [];
    return (message) => {
      if (message.kind === "value" && Math.floor(message.value / radix) % 2 === 1) {
        behind.push(message.value);
        return;
      }
      if (message.kind === "end") for (const value of behind) void next.send({ kind: "value", value });
      void next.send(message);
    };
  },
);

interface Sorted {
  readonly count: number;
  readonly sum: number;
}

export const judge = defineActor((_: ActorContext<SortMessage | { readonly kind: "result"; readonly replyTo: ActorRef<Sorted> }>) => {
  let count = 0;
  let sum = 0;
  let newest = -1;
  let isOver = false;
  let asked: ActorRef<Sorted> | undefined;
  return (message) => {
    if (message.kind === "result") asked = message.replyTo;
    else if (message.kind === "end") isOver = true;
    else {
      if (message.value < newest) throw new Error(`values must be in order: found ${message.value} behind ${newest}`);
      newest = message.value;
      count += 1;
      sum = (sum + message.value) % 2 ** 32;
    }
    if (isOver) asked?.tell({ count, sum });
  };
});

export const producer = defineActor((_: ActorContext<Produce>) => async ({ to, values, replyTo }: Produce) => {
  const draw = randomInts(2_048);
  let sum = 0;
  for (let number = 0; number < values; number++) {
    const value = draw(2 ** 26) * 2 ** 26 + draw(2 ** 26);
    sum = (sum + value) % 2 ** 32;
    const sent = to.send({ kind: "value", value });
    if (number % 64 === 0) await sent;
  }
  await to.send({ kind: "end" });
  replyTo.tell(sum);
});

/** A chain of actors, one a bit, through which values pass until they are sorted. */
export const radixSort: Savina = {
  name: "radix sort",
  sized: "values",
  sizes: { full: 100_000, tenth: 10_000, tiny: 100 },
  async run(place, values) {
    const module = import.meta.url;
    const at = await place.spawn<typeof judge>(0, { module, export: "judge" });
    let to: ActorRef<SortMessage> = at;
    for (let bit = bits - 1; bit >= 0; bit--) to = await place.spawn<typeof sorter>(bit, { module, export: "sorter" }, { bit, next: to });
    const from = await place.spawn<typeof producer>(1, { module, export: "producer" });
    const sum = await from.ask({ to, values }, patience);
    const sorted = await at.ask({ kind: "result" }, patience);
    mustBe(sorted.count, values, "values that have come out");
    mustBe(sorted.sum, sum, "their sum");
    return (bits + 1) * values;
  },
};
