import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

const primesOfOneMax = 1_000;

type SieveMessage =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "end"; readonly found: number; readonly replyTo: ActorRef<number> };

/** Keeps the first primes that reach it, and lets through what none of them divides. */
export const filter = defineActor((_: ActorContext<SieveMessage>, { next }: { readonly next: ActorRef<SieveMessage> | null }) => {
  const primes: number[] = [];
  return (message) => {
    if (message.kind === "end") {
      const found = message.found + primes.length;
      if (next === null) message.replyTo.tell(found);
      else void next.send({ ...message, found });
    } else if (!primes.some((prime) => message.value % prime === 0)) {
      if (primes.length < primesOfOneMax) primes.push(message.value);
      else void next?.send(message);
    }
  };
});

interface Produce {
  readonly to: ActorRef<SieveMessage>;
  readonly below: number;
  readonly replyTo: ActorRef<number>;
}

export const producer = defineActor((_: ActorContext<Produce>) => async ({ to, below, replyTo }: Produce) => {
  await to.send({ kind: "number", value: 2 });
  for (let value = 3; value < below; value += 2) {
    const sent = to.send({ kind: "number", value });
    if (value % 127 === 0) await sent;
  }
  await to.send({ kind: "end", found: 0, replyTo });
});

function primesBelow(below: number): number {
  const isComposite = new Uint8Array(below);
  let count = 0;
  for (let value = 2; value < below; value++) {
    if (isComposite[value] === 1) continue;
    count += 1;
    for (let multiple = value * value; multiple < below; multiple += value) isComposite[multiple] = 1;
  }
  return count;
}

/** Numbers pass through a chain of actors, each of which keeps 1,000 primes. */
export const sieve: Savina = {
  name: "sieve of Eratosthenes",
  sized: "numbers",
  sizes: { full: 100_000, tenth: 10_000, tiny: 300 },
  async run(place, below) {
    const module = import.meta.url;
    const expected = primesBelow(below);
    let to: ActorRef<SieveMessage> | null = null;
    for (let left = Math.ceil(expected / primesOfOneMax); left >= 0; left--) {
      to = await place.spawn<typeof filter>(left, { module, export: "filter" }, { next: to });
    }
    const from = await place.spawn<typeof producer>(1, { module, export: "producer" });
    mustBe(await from.ask({ to: to!, below }, patience), expected, `primes below ${below}`);
    return below / 2;
  },
};
