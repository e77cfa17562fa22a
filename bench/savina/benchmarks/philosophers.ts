import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

const philosophers = 20;

type PhilosopherMessage =
  | { readonly kind: "start"; readonly waiter: ActorRef<WaiterMessage>; readonly rounds: number; readonly replyTo: ActorRef<number> }
  | { readonly kind: "eat" }
  | { readonly kind: "denied" };

type WaiterMessage =
  | { readonly kind: "hungry"; readonly seat: number; readonly from: ActorRef<PhilosopherMessage> }
  | { readonly kind: "done"; readonly seat: number }
  | { readonly kind: "meals"; readonly replyTo: ActorRef<number> };

export const philosopher = defineActor((context: ActorContext<PhilosopherMessage>, seat: number) => {
  let task: Extract<PhilosopherMessage, { kind: "start" }>;
  let meals = 0;
  const ask = () => void task.waiter.tell({ kind: "hungry", seat, from: context.self });
  return (message) => {
    if (message.kind === "start") task = message;
    if (message.kind === "eat") {
      meals += 1;
      task.waiter.tell({ kind: "done", seat });
    }
    if (meals < task.rounds) ask();
    else task.replyTo.tell(meals);
  };
});

export const waiter = defineActor((_: ActorContext<WaiterMessage>) => {
  const isTaken = new Array<boolean>(philosophers).fill(false);
  let meals = 0;
  return (message) => {
    if (message.kind === "meals") {
      message.replyTo.tell(isTaken.includes(true) ? -1 : meals);
      return;
    }
    const [left, right] = [message.seat, (message.seat + 1) % philosophers];
    if (message.kind === "done") {
      if (!isTaken[left] || !isTaken[right]) throw new Error("a fork is put back that nobody has");
      isTaken[left] = isTaken[right] = false;
      meals += 1;
    } else if (isTaken[left] || isTaken[right]) message.from.tell({ kind: "denied" });
    else {
      isTaken[left] = isTaken[right] = true;
      message.from.tell({ kind: "eat" });
    }
  };
});

/** Philosophers ask a waiter for their forks until they get them. */
export const diningPhilosophers: Savina = {
  name: "dining philosophers",
  sized: "meals of each of 20 philosophers",
  sizes: { full: 10_000, tenth: 1_000, tiny: 20 },
  async run(place, rounds) {
    const module = import.meta.url;
    const at = await place.spawn<typeof waiter>(0, { module, export: "waiter" });
    const all = await Promise.all(
      Array.from({ length: philosophers }, (_, seat) => place.spawn<typeof philosopher>(seat, { module, export: "philosopher" }, seat)),
    );
    const meals = await Promise.all(all.map((one) => one.ask({ kind: "start", waiter: at, rounds }, patience)));
    for (const one of meals) mustBe(one, rounds, "meals of a philosopher");
    mustBe(await at.ask({ kind: "meals" }, patience), philosophers * rounds, "meals that the waiter served");
    return 3 * philosophers * rounds;
  },
};
