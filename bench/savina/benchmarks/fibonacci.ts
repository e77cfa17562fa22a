import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

type FibonacciMessage =
  | { readonly kind: "compute"; readonly n: number; readonly replyTo: ActorRef<number> }
  | { readonly kind: "part"; readonly n: number; readonly to: ActorRef<FibonacciMessage> }
  | { readonly kind: "value"; readonly value: number };

/** Computes one number by two children, which compute the two before it, and stops. */
export const fibonacci = defineActor((context: ActorContext<FibonacciMessage>) => {
  let answer: (value: number) => void = () => {};
  let sum = 0;
  let open = 2;
  const compute = (n: number) => {
    if (n <= 2) answer(1);
    else for (const one of [n - 1, n - 2]) context.spawn(fibonacci).tell({ kind: "part", n: one, to: context.self });
  };
  return (message) => {
    switch (message.kind) {
      case "compute":
        answer = (value) => void message.replyTo.tell(value);
        compute(message.n);
        break;
      case "part":
        answer = (value) => {
          message.to.tell({ kind: "value", value });
          context.stop();
        };
        compute(message.n);
        break;
      case "value":
        sum += message.value;
        open -= 1;
        if (open === 0) answer(sum);
    }
  };
});

function plain(n: number): number {
  let [before, value] = [0, 1];
  for (let step = 1; step < n; step++) [before, value] = [value, before + value];
  return value;
}

/** A number of Fibonacci by a tree of actors. Across workers, each grows one of its two branches. */
export const fibonacciBenchmark: Savina = {
  name: "fib",
  sized: "n",
  sizes: { full: 25, tenth: 21, tiny: 8 },
  async run(place, n) {
    const roots = await place.spawnAll<typeof fibonacci>(2, { module: import.meta.url, export: "fibonacci" });
    const [one, other] = await Promise.all(roots.map((root, at) => root.ask({ kind: "compute", n: n - 1 - at }, patience)));
    mustBe(one! + other!, plain(n), `number ${n} of Fibonacci`);
    return 4 * plain(n);
  },
};
