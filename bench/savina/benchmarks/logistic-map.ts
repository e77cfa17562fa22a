import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

const series = 10;
const startRate = 3.46;
const rateStep = 0.0025;

type SeriesMessage =
  | { readonly kind: "run"; readonly terms: number; readonly replyTo: ActorRef<number> }
  | { readonly kind: "term"; readonly value: number };

interface Compute {
  readonly value: number;
  readonly to: ActorRef<SeriesMessage>;
}

const rateOf = (number: number): number => startRate + number * rateStep;
const next = (rate: number, value: number): number => rate * value * (1 - value);

export const computer = defineActor((_: ActorContext<Compute>, rate: number) => ({ value, to }) => {
  to.tell({ kind: "term", value: next(rate, value) });
});

export const seriesActor = defineActor(
  (context: ActorContext<SeriesMessage>, { computer: to, first }: { readonly computer: ActorRef<Compute>; readonly first: number }) => {
    let run: Extract<SeriesMessage, { kind: "run" }>;
    let value = first;
    let terms = 0;
    return (message) => {
      if (message.kind === "run") run = message;
      else {
        value = message.value;
        terms += 1;
      }
      if (terms < run.terms) to.tell({ value, to: context.self });
      else run.replyTo.tell(value);
    };
  },
);

/** Series whose terms are computed, one after the other, by other actors. */
export const logisticMap: Savina = {
  name: "logistic map",
  sized: "terms of each of 10 series",
  sizes: { full: 25_000, tenth: 2_500, tiny: 50 },
  async run(place, terms) {
    const module = import.meta.url;
    const all = await Promise.all(
      Array.from({ length: series }, async (_, number) => {
        const by = await place.spawn<typeof computer>(number + 1, { module, export: "computer" }, rateOf(number));
        return place.spawn<typeof seriesActor>(number, { module, export: "seriesActor" }, { computer: by, first: (number + 1) * 0.05 });
      }),
    );
    const values = await Promise.all(all.map((one) => one.ask({ kind: "run", terms }, patience)));
    values.forEach((value, number) => {
      let expected = (number + 1) * 0.05;
      for (let term = 0; term < terms; term++) expected = next(rateOf(number), expected);
      mustBe(value, expected, `last term of series ${number}`);
    });
    return 2 * series * terms;
  },
};
