/** What a cut must not separate. */
const noTail = -1;

/**
 * A minimum cut of a small network by shortest augmenting paths (J. Edmonds, R. M. Karp, 1972).
 *
 * Arcs lie in pairs: arc `a` and its reverse `a ^ 1`.
 */
export class MinimumCut {
  readonly #firstArc: number[];
  readonly #nextArc: number[] = [];
  readonly #head: number[] = [];
  readonly #room: number[] = [];
  readonly #source: number;
  readonly #sink: number;

  /** @param count nodes, beside the source and the sink */
  constructor(count: number) {
    this.#source = count;
    this.#sink = count + 1;
    this.#firstArc = Array.from({ length: count + 2 }, () => noTail);
  }

  /** It costs so much to have `from` on the source's side and `to` on the other. Infinity: it must not be. */
  add(from: number, to: number, cost: number): void {
    if (cost <= 0) return;
    this.#arc(from, to, cost);
    this.#arc(to, from, 0);
  }

  /** It costs so much to have a node on the source's side; negative: to have it on the other one. */
  charge(node: number, cost: number): void {
    if (cost > 0) this.add(node, this.#sink, cost);
    else this.add(this.#source, node, -cost);
  }

  /** Nodes on the source's side of a cut with the least cost, of all such sides the smallest. @param noise flows below it are none */
  sourceSide(noise: number): readonly boolean[] {
    for (let flow = this.#augment(noise); flow > 0; flow = this.#augment(noise));
    const from = this.#search(noise);
    return from.slice(0, this.#source).map((arc) => arc !== undefined);
  }

  #arc(from: number, to: number, room: number): void {
    this.#nextArc.push(this.#firstArc[from] as number);
    this.#firstArc[from] = this.#head.length;
    this.#head.push(to);
    this.#room.push(room);
  }

  /** By node: the arc by which it is reached from the source; undefined: it is not. */
  #search(noise: number): (number | undefined)[] {
    const from: (number | undefined)[] = this.#firstArc.map(() => undefined);
    from[this.#source] = noTail;
    const reached = [this.#source];
    for (const node of reached) {
      for (let arc = this.#firstArc[node] as number; arc !== noTail; arc = this.#nextArc[arc] as number) {
        const head = this.#head[arc] as number;
        if (from[head] !== undefined || (this.#room[arc] as number) <= noise) continue;
        from[head] = arc;
        reached.push(head);
      }
    }
    return from;
  }

  /** @returns the flow that was added */
  #augment(noise: number): number {
    const from = this.#search(noise);
    if (from[this.#sink] === undefined) return 0;
    const path: number[] = [];
    for (let node = this.#sink; node !== this.#source; node = this.#head[(from[node] as number) ^ 1] as number)
      path.push(from[node] as number);
    const flow = path.reduce((least, arc) => Math.min(least, this.#room[arc] as number), Number.POSITIVE_INFINITY);
    for (const arc of path) {
      this.#room[arc] = (this.#room[arc] as number) - flow;
      this.#room[arc ^ 1] = (this.#room[arc ^ 1] as number) + flow;
    }
    return flow;
  }
}
