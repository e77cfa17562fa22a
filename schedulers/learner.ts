/** What a policy learns from the attempts that have ended. It outlives the policies of single runs: all of one thread share it. */
export interface Learner {
  /** Plain data for people to read, and for `absorb`, on this thread or on another one. */
  snapshot(): object;
  /** Learns what another one has learnt, beside what it knows. @param snapshot of a learner of its own kind; anything else is passed over */
  absorb(snapshot: unknown): void;
}

/** What the policies of one thread have learnt, by the names of the policies. */
export class Learners {
  readonly #byName = new Map<string, Learner>();
  /** What was told of policies that have not been made here yet; the newest counts. */
  readonly #waiting = new Map<string, object>();

  /** The learner of a policy; made when it is first asked for. */
  of<Made extends Learner>(policy: string, make: () => Made): Made {
    const known = this.#byName.get(policy) as Made | undefined; // nobody else goes by this name
    if (known !== undefined) return known;
    const made = make();
    this.#byName.set(policy, made);
    const told = this.#waiting.get(policy);
    if (told !== undefined) made.absorb(told);
    this.#waiting.delete(policy);
    return made;
  }

  /** By the names of policies. */
  snapshots(): Record<string, object> {
    return {
      ...Object.fromEntries(this.#waiting),
      ...Object.fromEntries([...this.#byName].map(([name, learner]) => [name, learner.snapshot()])),
    };
  }

  absorb(snapshots: Readonly<Record<string, unknown>>): void {
    for (const [name, snapshot] of Object.entries(snapshots)) {
      const known = this.#byName.get(name);
      if (known !== undefined) known.absorb(snapshot);
      else if (typeof snapshot === "object" && snapshot !== null) this.#waiting.set(name, snapshot);
    }
  }
}
