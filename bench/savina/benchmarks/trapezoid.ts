import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { patience, type Savina } from "../savina.js";

const workers = 100;
const [left, right] = [1, 5];

type MasterMessage =
  | {
      readonly kind: "integrate";
      readonly pieces: number;
      readonly workers: readonly ActorRef<WorkMessage>[];
      readonly replyTo: ActorRef<number>;
    }
  | { readonly kind: "area"; readonly area: number };

interface WorkMessage {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly master: ActorRef<MasterMessage>;
}

const valueAt = (x: number): number => (1 / (x + 1)) * Math.sqrt(1 + Math.exp(Math.sqrt(2 * x))) * Math.sin(x ** 3 - 1);

function areaOf(from: number, pieces: number, step: number): number {
  let area = 0;
  for (let piece = 0; piece < pieces; piece++) area += ((valueAt(from + piece * step) + valueAt(from + (piece + 1) * step)) / 2) * step;
  return area;
}

export const worker = defineActor((_: ActorContext<WorkMessage>) => ({ from, to, step, master }) => {
  master.tell({ kind: "area", area: areaOf(from, Math.round((to - from) / step), step) });
});

export const master = defineActor((context: ActorContext<MasterMessage>) => {
  let task: Extract<MasterMessage, { kind: "integrate" }>;
  let sum = 0;
  let open = 0;
  return (message) => {
    if (message.kind === "integrate") {
      task = message;
      open = message.workers.length;
      const width = (right - left) / message.workers.length;
      message.workers.forEach((one, at) => {
        one.tell({ from: left + at * width, to: left + (at + 1) * width, step: (right - left) / message.pieces, master: context.self });
      });
      return;
    }
    sum += message.area;
    open -= 1;
    if (open === 0) task.replyTo.tell(sum);
  };
});

/** The area below a curve, in pieces. */
export const trapezoid: Savina = {
  name: "trapezoidal approximation",
  sized: "pieces, with 100 workers",
  sizes: { full: 10_000_000, tenth: 1_000_000, tiny: 10_000 },
  async run(place, pieces) {
    const module = import.meta.url;
    const all = await place.spawnAll<typeof worker>(workers, { module, export: "worker" });
    const at = await place.spawn<typeof master>(0, { module, export: "master" });
    const area = await at.ask({ kind: "integrate", pieces, workers: all }, patience);
    const expected = areaOf(left, pieces, (right - left) / pieces);
    if (!(Math.abs(area - expected) < 1e-9)) throw new Error(`area must be ${expected}: found ${area}`); // sums of other orders differ in their last digits
    return 2 * workers;
  },
};
