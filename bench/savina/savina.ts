import type { ActorDefinition, ActorRef, ActorSource, Actors, ArgsOf, MessageOf, SpawnArguments, SpawnOptions } from "dataflower/actors";

/**
 * The benchmarks of the Savina suite (S. Imam, V. Sarkar: "Savina – An Actor Benchmark Suite", AGERE 2014), written anew from what is
 * published of them: who sends what to whom, and the default sizes. Answers are checked.
 */
export interface Savina {
  readonly name: string;
  /** Main parameter by default, in words. */
  readonly sized: string;
  /** Its default, at least a tenth of that, and one that shows that it works. */
  readonly sizes: { readonly full: number; readonly tenth: number; readonly tiny: number };
  /** Runs it once. Rejects when the answer is wrong. @returns messages that its actors have exchanged */
  run(place: Place, size: number): Promise<number>;
}

/** Where actors are spawned: all on one worker, or on each in turn. */
export class Place {
  readonly #system: Actors;
  readonly #workers: number;
  readonly #spawned: ActorRef<never>[] = [];

  constructor(system: Actors, workers: number) {
    this.#system = system;
    this.#workers = workers;
  }

  /** @param at whose turn it is */
  async spawn<Definition extends ActorDefinition<never, never>>(
    at: number,
    source: ActorSource,
    ...rest: SpawnArguments<ArgsOf<Definition>, SpawnOptions>
  ): Promise<ActorRef<MessageOf<Definition>>> {
    const ref = await this.#system.spawnOn<Definition>(at % this.#workers, source, ...rest);
    this.#spawned.push(ref);
    return ref;
  }

  /** As spawn(), of several actors with the same arguments, one after the other in turn. */
  spawnAll<Definition extends ActorDefinition<never, never>>(
    count: number,
    source: ActorSource,
    ...rest: SpawnArguments<ArgsOf<Definition>, SpawnOptions>
  ): Promise<ActorRef<MessageOf<Definition>>[]> {
    return Promise.all(Array.from({ length: count }, (_, at) => this.spawn<Definition>(at, source, ...rest)));
  }

  /** Stops all that it has spawned. */
  clear(): void {
    for (const ref of this.#spawned.splice(0)) ref.stop();
  }
}

/** Nothing takes so long; what does not come at all ends the measurement with DF_ASK_TIMEOUT. */
export const patience = { timeout: "120s" } as const;

export function mustBe(found: number | string, expected: number | string, what: string): void {
  if (found !== expected) throw new Error(`${what} must be ${expected}: found ${found}`);
}

/** Numbers from 0 up to 2³² that a seed repeats: a linear congruential generator, as good as these benchmarks need. */
export function randomInts(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const messagesUnwaited = 64;

/** Sends many messages, and waits now and then until they are in the mailbox: the ring to another worker has room for so many. */
export async function flood<const Message>(to: ActorRef<Message>, count: number, make: (index: number) => Message): Promise<void> {
  for (let index = 0; index < count; index++) {
    if (index % messagesUnwaited === messagesUnwaited - 1) await to.send(make(index));
    else to.tell(make(index));
  }
}
