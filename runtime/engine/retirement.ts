import { unreliable } from "../faults/unreliable-producer.js";
import type { Regions } from "../memory/regions.js";
import type { RingProducer } from "../memory/ring-producer.js";
import type { Bells } from "../worker/bells.js";
import { type Command, encodeCommand, GIVE_UP, LET_GO } from "../worker/command-frame.js";

/** A slot whose run was taken away, until every worker that ever touched it has let go. */
interface Retiring {
  readonly slot: number;
  /** Of the run that was taken away. */
  readonly epoch: number;
  /** Told to let go. */
  readonly told: Set<number>;
  readonly answered: Set<number>;
}

/**
 * Takes run slots out of use. A slot whose run was cancelled, or goes to another home, may still be named by tickets, by actors and by
 * memory of workers. Its epoch has been raised, so nobody new comes in; everybody who touched it is told to let go; when all have
 * answered and nobody is inside, nothing of the run is left anywhere and the slot is free.
 */
export class Retirement {
  readonly #regions: Regions;
  readonly #bells: Pick<Bells, "ring">;
  readonly #onFree: (slot: number) => void;
  readonly #producers: RingProducer[] = [];
  /** By worker: commands that have found no room yet. Bounded by the run slots. */
  readonly #untold: Command[][] = [];
  readonly #retiring = new Map<number, Retiring>();

  constructor(regions: Regions, bells: Pick<Bells, "ring">, onFree: (slot: number) => void) {
    this.#regions = regions;
    this.#bells = bells;
    this.#onFree = onFree;
    for (let worker = 0; worker < regions.plan.workers; worker++) {
      this.#producers.push(unreliable(regions.ring(regions.plan.control, worker).claimProducer(), "command.sent"));
      this.#untold.push([]);
    }
  }

  /** Slots on their way out. */
  get size(): number {
    return this.#retiring.size;
  }

  /**
   * Begins with a slot, whose epoch has just been raised.
   *
   * @param ended a worker that has ended and touched the slot: its successor owns the arena in which blocks of the run may lie
   */
  add(slot: number, epoch: number, ended?: number): void {
    const retiring = { slot, epoch, told: new Set<number>(), answered: new Set<number>() };
    this.#retiring.set(slot, retiring);
    if (ended !== undefined) this.#tell(retiring, ended);
    this.#tellAll(retiring);
  }

  /** Tells those who may be guests of a run that has failed that nothing of it is wanted any more. The slot is not taken out of use. */
  giveUpGuests(slot: number, epoch: number, home: number): void {
    for (let worker = 0; worker < this.#producers.length; worker++) {
      if (worker !== home && this.#regions.runs.isTouchedBy(slot, worker)) this.#send(worker, { kind: GIVE_UP, slot, epoch });
    }
  }

  /** A worker has let go. */
  answered(worker: number, slot: number, epoch: number): void {
    const retiring = this.#retiring.get(slot);
    if (retiring?.epoch === epoch) retiring.answered.add(worker);
  }

  /** A worker has been replaced: what its predecessor has not answered is asked again. */
  replaced(worker: number): void {
    this.#untold[worker] = [];
    for (const retiring of this.#retiring.values()) {
      if (!retiring.told.has(worker) || retiring.answered.has(worker)) continue;
      this.#send(worker, { kind: LET_GO, slot: retiring.slot, epoch: retiring.epoch });
    }
  }

  /** Sends on what had no room, and frees the slots that everybody has let go of. */
  sweep(): void {
    for (let worker = 0; worker < this.#untold.length; worker++) this.#flush(worker);
    if (this.#retiring.size > 0) this.#free();
  }

  #free(): void {
    const free = new Set<number>();
    for (const retiring of this.#retiring.values()) if (this.#isLetGo(retiring)) free.add(retiring.slot);
    if (free.size === 0) return;
    this.#regions.arena(this.#regions.plan.control).sweep((slot) => free.has(slot)); // inputs that nobody has taken, charges
    for (const slot of free) {
      this.#retiring.delete(slot);
      this.#onFree(slot);
    }
  }

  /** The bits of who has touched the run are final once nobody is inside: only then is it known that all of them have been told. */
  #isLetGo(retiring: Retiring): boolean {
    const { runs } = this.#regions;
    if (retiring.answered.size < retiring.told.size || runs.hasUsers(retiring.slot)) return false;
    return !this.#tellAll(retiring);
  }

  /** Tells each worker that has touched the run and was not told; true when there was one. */
  #tellAll(retiring: Retiring): boolean {
    let hasTold = false;
    for (let worker = 0; worker < this.#producers.length; worker++) {
      if (retiring.told.has(worker) || !this.#regions.runs.isTouchedBy(retiring.slot, worker)) continue;
      this.#tell(retiring, worker);
      hasTold = true;
    }
    return hasTold;
  }

  #tell(retiring: Retiring, worker: number): void {
    retiring.told.add(worker);
    this.#send(worker, { kind: LET_GO, slot: retiring.slot, epoch: retiring.epoch });
  }

  #send(worker: number, command: Command): void {
    (this.#untold[worker] as Command[]).push(command); // there is a list for each
    this.#flush(worker);
  }

  #flush(worker: number): void {
    const untold = this.#untold[worker] as Command[];
    if (untold.length === 0) return;
    let sent = 0;
    while (sent < untold.length && (this.#producers[worker] as RingProducer).offer(encodeCommand(untold[sent] as Command))) sent += 1;
    if (sent === 0) return;
    untold.splice(0, sent);
    this.#bells.ring(worker);
  }
}
