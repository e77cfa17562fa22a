import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

interface Work {
  readonly number: number;
  readonly to: ActorRef<CreatorMessage>;
}

type CreatorMessage =
  | { readonly kind: "create"; readonly count: number; readonly replyTo: ActorRef<number> }
  | { readonly kind: "done"; readonly value: number };

/** What each actor computes: something that takes a moment. */
const computed = (number: number): number => Math.round(Math.sin(number) ** 2 * 1000);

export const worker = defineActor((context: ActorContext<Work>) => ({ number, to }) => {
  to.tell({ kind: "done", value: computed(number) });
  context.stop();
});

export const creator = defineActor((context: ActorContext<CreatorMessage>) => {
  let sum = 0;
  let left = 0;
  let replyTo: ActorRef<number> | undefined;
  return (message) => {
    if (message.kind === "create") {
      left = message.count;
      replyTo = message.replyTo;
      for (let number = 0; number < message.count; number++) context.spawn(worker).tell({ number, to: context.self });
    } else {
      sum += message.value;
      left -= 1;
      if (left === 0) replyTo?.tell(sum);
    }
  };
});

/** Actors are created for one message each. Across workers, each creates half of them. */
export const forkJoinCreate: Savina = {
  name: "fork-join create",
  sized: "actors",
  sizes: { full: 40_000, tenth: 4_000, tiny: 100 },
  async run(place, count) {
    const creators = await place.spawnAll<typeof creator>(2, { module: import.meta.url, export: "creator" });
    const sums = await Promise.all(creators.map((one) => one.ask({ kind: "create", count: count / 2 }, patience)));
    const expected = Array.from({ length: count / 2 }, (_, number) => computed(number)).reduce((sum, value) => sum + value, 0);
    for (const sum of sums) mustBe(sum, expected, "sum of what the actors computed");
    return 2 * count;
  },
};
