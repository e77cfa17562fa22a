import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

const roomSize = 1_000;
const workCost = 1_000;

type RoomMessage = { readonly kind: "enter"; readonly customer: ActorRef<CustomerMessage> } | { readonly kind: "next" };

type BarberMessage = { readonly kind: "cut"; readonly customer: ActorRef<CustomerMessage>; readonly room: ActorRef<RoomMessage> };

type CustomerMessage =
  | { readonly kind: "go"; readonly room: ActorRef<RoomMessage> }
  | { readonly kind: "full" }
  | { readonly kind: "done" };

type FactoryMessage =
  | { readonly kind: "open"; readonly customers: number; readonly room: ActorRef<RoomMessage>; readonly replyTo: ActorRef<Result> }
  | { readonly kind: "served"; readonly tries: number };

interface Result {
  readonly served: number;
  readonly tries: number;
}

function work(rounds: number): number {
  let value = 0;
  for (let round = 0; round < rounds; round++) value += Math.sqrt(round);
  return value;
}

export const barber = defineActor((_: ActorContext<BarberMessage>) => ({ customer, room }) => {
  if (work(workCost) < 0) throw new Error("cut");
  customer.tell({ kind: "done" });
  room.tell({ kind: "next" });
});

export const room = defineActor((context: ActorContext<RoomMessage>, to: { readonly barber: ActorRef<BarberMessage> }) => {
  const waiting: ActorRef<CustomerMessage>[] = [];
  let isAsleep = true;
  const next = () => {
    const customer = waiting.shift();
    isAsleep = customer === undefined;
    if (customer !== undefined) to.barber.tell({ kind: "cut", customer, room: context.self });
  };
  return (message) => {
    if (message.kind === "next") next();
    else if (waiting.length === roomSize) message.customer.tell({ kind: "full" });
    else {
      waiting.push(message.customer);
      if (isAsleep) next();
    }
  };
});

export const customer = defineActor((context: ActorContext<CustomerMessage>, to: { readonly factory: ActorRef<FactoryMessage> }) => {
  let tries = 0;
  let at: ActorRef<RoomMessage>;
  return (message) => {
    if (message.kind === "go") at = message.room;
    if (message.kind !== "done") {
      tries += 1;
      at.tell({ kind: "enter", customer: context.self });
      return;
    }
    to.factory.tell({ kind: "served", tries });
    context.stop();
  };
});

export const factory = defineActor((context: ActorContext<FactoryMessage>) => {
  let opened: Extract<FactoryMessage, { kind: "open" }>;
  let served = 0;
  let tries = 0;
  return (message) => {
    if (message.kind === "open") {
      opened = message;
      for (let number = 0; number < message.customers; number++) {
        context.spawn(customer, { factory: context.self }).tell({ kind: "go", room: message.room });
        work(10);
      }
      return;
    }
    served += 1;
    tries += message.tries;
    if (served === opened.customers) opened.replyTo.tell({ served, tries });
  };
});

/** Customers come to a barber's waiting room, and again where it is full. */
export const sleepingBarber: Savina = {
  name: "sleeping barber",
  sized: "customers",
  sizes: { full: 5_000, tenth: 500, tiny: 50 },
  async run(place, customers) {
    const module = import.meta.url;
    const cutter = await place.spawn<typeof barber>(1, { module, export: "barber" });
    const waiting = await place.spawn<typeof room>(1, { module, export: "room" }, { barber: cutter });
    const street = await place.spawn<typeof factory>(0, { module, export: "factory" });
    const { served, tries } = await street.ask({ kind: "open", customers, room: waiting }, patience);
    mustBe(served, customers, "customers served");
    if (tries < customers) mustBe(tries, customers, "tries of the customers");
    return 4 * customers + tries;
  },
};
