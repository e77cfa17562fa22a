import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

const workers = 20;
/** Edge of the blocks that one actor multiplies: 16,384 elements. */
const blockMax = 128;

/** Rows, columns and inner indexes from where on, and how many of each. */
interface Part {
  readonly row: number;
  readonly column: number;
  readonly inner: number;
  readonly size: number;
}

type MasterMessage =
  | {
      readonly kind: "multiply";
      readonly size: number;
      readonly workers: readonly ActorRef<WorkMessage>[];
      readonly replyTo: ActorRef<number>;
    }
  | { readonly kind: "parts"; readonly parts: readonly Part[] }
  | { readonly kind: "block"; readonly part: Part; readonly values: Float64Array };

interface WorkMessage {
  readonly part: Part;
  readonly blockMax: number;
  readonly master: ActorRef<MasterMessage>;
}

/** The matrices are A[i, k] = i and B[k, j] = j, as the suite has them. */
function multiplied({ row, column, size }: Part): Float64Array {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      for (let j = 0; j < size; j++) values[i * size + j]! += (row + i) * (column + j);
    }
  }
  return values;
}

function quartered({ row, column, inner, size }: Part): Part[] {
  const half = size / 2;
  const halves = [0, half];
  return halves.flatMap((r) =>
    halves.flatMap((c) => halves.map((k) => ({ row: row + r, column: column + c, inner: inner + k, size: half }))),
  );
}

export const worker = defineActor((_: ActorContext<WorkMessage>) => ({ part, blockMax: most, master }) => {
  if (part.size > most) master.tell({ kind: "parts", parts: quartered(part) });
  else void master.send({ kind: "block", part, values: multiplied(part) });
});

export const master = defineActor((context: ActorContext<MasterMessage>) => {
  let task: Extract<MasterMessage, { kind: "multiply" }>;
  let product: Float64Array;
  let open = 0;
  let turn = 0;
  const handOut = (part: Part) => {
    open += 1;
    turn += 1;
    task.workers[turn % task.workers.length]?.tell({ part, blockMax: Math.min(blockMax, task.size / 4), master: context.self });
  };
  const add = ({ row, column, size }: Part, values: Float64Array) => {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) product[(row + i) * task.size + column + j]! += values[i * size + j]!;
    }
  };
  return (message) => {
    if (message.kind === "multiply") {
      task = message;
      product = new Float64Array(message.size ** 2);
      handOut({ row: 0, column: 0, inner: 0, size: message.size });
      return;
    }
    open -= 1;
    if (message.kind === "parts") message.parts.forEach(handOut);
    else add(message.part, message.values);
    if (open > 0) return;
    const wrong = product.findIndex((value, at) => value !== Math.floor(at / task.size) * (at % task.size) * task.size);
    task.replyTo.tell(wrong);
  };
});

/** A master hands out parts of a product; workers split them further, or multiply them. */
export const matrixMultiplication: Savina = {
  name: "recursive matrix multiplication",
  sized: "rows and columns, with 20 workers",
  sizes: { full: 1_024, tenth: 128, tiny: 16 },
  async run(place, size) {
    const module = import.meta.url;
    const all = await place.spawnAll<typeof worker>(workers, { module, export: "worker" });
    const at = await place.spawn<typeof master>(0, { module, export: "master" });
    mustBe(await at.ask({ kind: "multiply", size, workers: all }, patience), -1, "first wrong element");
    const levels = Math.log2(size / Math.min(blockMax, size / 4));
    return 2 * 8 ** levels;
  },
};
