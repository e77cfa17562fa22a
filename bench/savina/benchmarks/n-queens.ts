import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, type Savina } from "../savina.js";

const workers = 20;
/** Queens that are placed by messages; the rest of a board is searched by one actor. */
const rowsByMessage = 4;
const solutions: Readonly<Record<number, number>> = { 6: 4, 7: 40, 8: 92, 9: 352, 10: 724, 11: 2_680, 12: 14_200 };

type MasterMessage =
  | {
      readonly kind: "solve";
      readonly size: number;
      readonly workers: readonly ActorRef<WorkMessage>[];
      readonly replyTo: ActorRef<number>;
    }
  | { readonly kind: "boards"; readonly boards: readonly (readonly number[])[] }
  | { readonly kind: "found"; readonly solutions: number };

interface WorkMessage {
  /** Columns of the queens, row by row. */
  readonly board: readonly number[];
  readonly size: number;
  readonly master: ActorRef<MasterMessage>;
}

function isSafe(board: readonly number[], column: number): boolean {
  return board.every((other, row) => other !== column && Math.abs(other - column) !== board.length - row);
}

function longer(board: readonly number[], size: number): number[][] {
  return Array.from({ length: size }, (_, column) => column).flatMap((column) => (isSafe(board, column) ? [[...board, column]] : []));
}

function count(board: readonly number[], size: number): number {
  return board.length === size ? 1 : longer(board, size).reduce((sum, next) => sum + count(next, size), 0);
}

export const worker = defineActor((_: ActorContext<WorkMessage>) => ({ board, size, master }) => {
  if (board.length < Math.min(rowsByMessage, size)) master.tell({ kind: "boards", boards: longer(board, size) });
  else master.tell({ kind: "found", solutions: count(board, size) });
});

export const master = defineActor((context: ActorContext<MasterMessage>) => {
  let task: Extract<MasterMessage, { kind: "solve" }>;
  let sum = 0;
  let open = 0;
  let turn = 0;
  const handOut = (board: readonly number[]) => {
    open += 1;
    turn += 1;
    task.workers[turn % task.workers.length]?.tell({ board, size: task.size, master: context.self });
  };
  return (message) => {
    if (message.kind === "solve") {
      task = message;
      handOut([]);
      return;
    }
    open -= 1;
    if (message.kind === "boards") message.boards.forEach(handOut);
    else sum += message.solutions;
    if (open === 0) task.replyTo.tell(sum);
  };
});

/** A master hands out boards with some queens; workers place more, or search the rest. */
export const nQueens: Savina = {
  name: "n-queens",
  sized: "queens, with 20 workers",
  sizes: { full: 12, tenth: 11, tiny: 6 },
  async run(place, size) {
    const module = import.meta.url;
    const all = await place.spawnAll<typeof worker>(workers, { module, export: "worker" });
    const at = await place.spawn<typeof master>(0, { module, export: "master" });
    mustBe(await at.ask({ kind: "solve", size, workers: all }, patience), solutions[size] ?? 0, `solutions of ${size} queens`);
    return size ** rowsByMessage;
  },
};
