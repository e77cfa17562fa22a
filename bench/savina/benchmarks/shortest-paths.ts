import { type ActorContext, type ActorRef, defineActor } from "dataflower/actors";
import { mustBe, patience, randomInts, type Savina } from "../savina.js";

const weightMax = 100;
/** Blocks in a row of them. */
const blocksInRow = 6;

interface Edges {
  readonly size: number;
  /** Weights, row by row. */
  readonly weights: readonly number[];
}

type BlockMessage =
  | {
      readonly kind: "start";
      readonly row: readonly ActorRef<BlockMessage>[];
      readonly column: readonly ActorRef<BlockMessage>[];
      readonly replyTo: ActorRef<readonly number[]>;
    }
  /** Row `k` of the distances, as far as it lies in this column of blocks. */
  | { readonly kind: "row"; readonly k: number; readonly values: readonly number[] }
  /** Column `k`, as far as it lies in this row of blocks. */
  | { readonly kind: "column"; readonly k: number; readonly values: readonly number[] };

interface BlockArgs {
  readonly block: number;
  readonly edges: Edges;
}

/** A block of the matrix of distances: after step k it knows the shortest paths over the first k nodes. */
export const block = defineActor((_: ActorContext<BlockMessage>, { block: number, edges }: BlockArgs) => {
  const { size } = edges;
  const edge = size / blocksInRow;
  const [top, left] = [Math.floor(number / blocksInRow) * edge, (number % blocksInRow) * edge];
  const distances = Array.from({ length: edge }, (_, i) => edges.weights.slice((top + i) * size + left, (top + i) * size + left + edge));
  const rows = new Map<number, readonly number[]>();
  const columns = new Map<number, readonly number[]>();
  let start: Extract<BlockMessage, { kind: "start" }> | undefined;
  let k = 0;
  const offer = () => {
    if (start === undefined || k === size) return;
    if (k >= top && k < top + edge) for (const one of start.column) one.tell({ kind: "row", k, values: distances[k - top]! });
    if (k >= left && k < left + edge) {
      for (const one of start.row) one.tell({ kind: "column", k, values: distances.map((row) => row[k - left]!) });
    }
  };
  const step = () => {
    for (
      let row = rows.get(k), column = columns.get(k);
      row !== undefined && column !== undefined;
      row = rows.get(k), column = columns.get(k)
    ) {
      for (let i = 0; i < edge; i++) {
        for (let j = 0; j < edge; j++) distances[i]![j] = Math.min(distances[i]![j]!, column[i]! + row[j]!);
      }
      rows.delete(k);
      columns.delete(k);
      k += 1;
      offer();
    }
    if (k === size) start?.replyTo.tell(distances.flat());
  };
  return (message) => {
    if (message.kind === "start") {
      start = message;
      offer();
    } else (message.kind === "row" ? rows : columns).set(message.k, message.values);
    if (start !== undefined) step();
  };
});

function edgesOf(size: number): Edges {
  const draw = randomInts(size);
  const weights = Array.from({ length: size * size }, (_, at) => (Math.floor(at / size) === at % size ? 0 : draw(weightMax) + 1));
  return { size, weights };
}

function shortest({ size, weights }: Edges): number[] {
  const distances = [...weights];
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const over = distances[i * size + k]! + distances[k * size + j]!;
        if (over < distances[i * size + j]!) distances[i * size + j] = over;
      }
    }
  }
  return distances;
}

/** Blocks of a matrix of distances tell each other their rows and columns, step by step. */
export const shortestPaths: Savina = {
  name: "all-pairs shortest path",
  sized: "nodes, in 36 blocks",
  sizes: { full: 300, tenth: 60, tiny: 12 },
  async run(place, size) {
    const source = { module: import.meta.url, export: "block" };
    const edges = edgesOf(size);
    const blocks = await Promise.all(
      Array.from({ length: blocksInRow ** 2 }, (_, number) => place.spawn<typeof block>(number, source, { block: number, edges })),
    );
    const found = await Promise.all(
      blocks.map((one, number) => {
        const row = blocks.filter((_, other) => Math.floor(other / blocksInRow) === Math.floor(number / blocksInRow));
        const column = blocks.filter((_, other) => other % blocksInRow === number % blocksInRow);
        return one.ask({ kind: "start", row, column }, patience);
      }),
    );
    const edge = size / blocksInRow;
    shortest(edges).forEach((distance, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      const part = found[Math.floor(i / edge) * blocksInRow + Math.floor(j / edge)]!;
      mustBe(part[(i % edge) * edge + (j % edge)]!, distance, `distance from ${i} to ${j}`);
    });
    return 2 * size * blocksInRow ** 2;
  },
};
