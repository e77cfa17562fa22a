import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, randomInts, type Savina } from "../savina.js";

const smokers = 200;

type ArbiterMessage =
  | {
      readonly kind: "start";
      readonly smokers: readonly ActorRef<SmokerMessage>[];
      readonly rounds: number;
      readonly replyTo: ActorRef<number>;
    }
  | { readonly kind: "started" };

type SmokerMessage =
  | { readonly kind: "smoke"; readonly ticks: number; readonly arbiter: ActorRef<ArbiterMessage> }
  | { readonly kind: "count"; readonly replyTo: ActorRef<number> };

export const smoker = defineActor((_: ActorContext<SmokerMessage>) => {
  let count = 0;
  let ash = 0;
  return (message) => {
    if (message.kind === "count") {
      message.replyTo.tell(ash < 0 ? -1 : count);
      return;
    }
    message.arbiter.tell({ kind: "started" });
    for (let tick = 0; tick < message.ticks; tick++) ash += Math.sqrt(tick);
    count += 1;
  };
});

export const arbiter = defineActor((context: ActorContext<ArbiterMessage>) => {
  const draw = randomInts(1);
  let work: Extract<ArbiterMessage, { kind: "start" }>;
  let rounds = 0;
  return (message) => {
    if (message.kind === "start") work = message;
    else rounds += 1;
    if (rounds === work.rounds) work.replyTo.tell(rounds);
    else work.smokers[draw(work.smokers.length)]?.tell({ kind: "smoke", ticks: draw(1_000) + 10, arbiter: context.self });
  };
});

/** An arbiter lets one smoker after the other begin. */
export const cigaretteSmokers: Savina = {
  name: "cigarette smokers",
  sized: "rounds with 200 smokers",
  sizes: { full: 1_000, tenth: 100, tiny: 20 },
  async run(place, rounds) {
    const module = import.meta.url;
    const all = await place.spawnAll<typeof smoker>(smokers, { module, export: "smoker" });
    const at = await place.spawn<typeof arbiter>(0, { module, export: "arbiter" });
    mustBe(await at.ask({ kind: "start", smokers: all, rounds }, patience), rounds, "rounds");
    const counts = await Promise.all(all.map((one) => one.ask({ kind: "count" }, patience)));
    mustBe(
      counts.reduce((sum, count) => sum + count, 0),
      rounds,
      "cigarettes smoked",
    );
    return 2 * rounds;
  },
};
