import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

type Colour = "red" | "blue" | "yellow" | "faded";

interface Meet {
  readonly colour: Colour;
  readonly from: ActorRef<ChameneoMessage>;
}

type MallMessage =
  | {
      readonly kind: "open";
      readonly meetings: number;
      readonly creatures: readonly ActorRef<ChameneoMessage>[];
      readonly replyTo: ActorRef<number>;
    }
  | ({ readonly kind: "meet" } & Meet)
  | { readonly kind: "met"; readonly count: number };

type ChameneoMessage =
  | { readonly kind: "go"; readonly mall: ActorRef<MallMessage> }
  | ({ readonly kind: "meet" } & Meet)
  | { readonly kind: "change"; readonly colour: Colour }
  | { readonly kind: "closed" };

const creatureCount = 100;
const colours = ["red", "blue", "yellow"] as const;

/** Two of one colour keep it; two of different ones both become the third. */
const complement = (one: Colour, other: Colour): Colour =>
  one === other ? one : colours.find((third) => third !== one && third !== other)!;

export const chameneo = defineActor((context: ActorContext<ChameneoMessage>, first: Colour) => {
  let colour = first;
  let mall: ActorRef<MallMessage>;
  let meetings = 0;
  const ask = () => void mall.tell({ kind: "meet", colour, from: context.self });
  return (message) => {
    switch (message.kind) {
      case "go":
        mall = message.mall;
        ask();
        break;
      case "meet":
        colour = complement(colour, message.colour);
        meetings += 1;
        message.from.tell({ kind: "change", colour });
        ask();
        break;
      case "change":
        colour = message.colour;
        meetings += 1;
        ask();
        break;
      case "closed":
        colour = "faded";
        mall.tell({ kind: "met", count: meetings });
    }
  };
});

export const mall = defineActor((context: ActorContext<MallMessage>) => {
  let opened: Extract<MallMessage, { kind: "open" }>;
  let waiting: ActorRef<ChameneoMessage> | undefined;
  let left = 0;
  let sum = 0;
  let reports = 0;
  return (message) => {
    if (message.kind === "open") {
      opened = message;
      left = message.meetings;
      for (const creature of message.creatures) creature.tell({ kind: "go", mall: context.self });
    } else if (message.kind === "met") {
      sum += message.count;
      reports += 1;
      if (reports === opened.creatures.length) opened.replyTo.tell(sum);
    } else if (left === 0) message.from.tell({ kind: "closed" });
    else if (waiting === undefined) waiting = message.from;
    else {
      left -= 1;
      waiting.tell({ kind: "meet", colour: message.colour, from: message.from });
      waiting = undefined;
    }
  };
});

/** Creatures meet in pairs at a mall and change their colours. */
export const chameneos: Savina = {
  name: "chameneos",
  sized: "meetings of 100 creatures",
  sizes: { full: 200_000, tenth: 20_000, tiny: 200 },
  async run(place, meetings) {
    const module = import.meta.url;
    const creatures = await Promise.all(
      Array.from({ length: creatureCount }, (_, at) => place.spawn<typeof chameneo>(at, { module, export: "chameneo" }, colours[at % 3]!)),
    );
    const at = await place.spawn<typeof mall>(0, { module, export: "mall" });
    mustBe(await at.ask({ kind: "open", meetings, creatures }, patience), 2 * meetings, "meetings that creatures count");
    return 4 * meetings;
  },
};
