import type { Charge, TaskFact } from "../../../actors/workflow/run-past.js";
import { CHARGED, DIED, FAILED, type JournalEvent, RETURNED, STARTED } from "../../codec/journal-event.js";
import { decodeValue } from "../../codec/value-codec.js";

type Known = { -readonly [Key in keyof TaskFact]: TaskFact[Key] };

/**
 * What events say of the tasks of one run. The order of the events does not matter, nor how often each of them comes.
 *
 * The newest attempt counts. Where it has failed and its thread has ended, too, that it ended so.
 */
export class TaskFacts {
  readonly #byTask = new Map<string, Known>();
  readonly #deathsMax: number;

  /** @param deathsMax deaths of the process with which a task is given up */
  constructor(deathsMax = Number.POSITIVE_INFINITY) {
    this.#deathsMax = deathsMax;
  }

  /** Takes in an event that is about a task; its bytes are copied. */
  add({ kind, positions, attempt, at, body }: JournalEvent): void {
    const known = this.#of(positions);
    switch (kind) {
      case RETURNED:
        known.hasReturned = true;
        known.output = body.length === 0 ? undefined : new Uint8Array(body);
        break;
      case FAILED:
        if (attempt < known.attempts || attempt === known.charge?.attempts) return;
        known.attempts = attempt;
        known.charge = undefined;
        known.failure = new Uint8Array(body);
        known.dueAt = at >= 0 ? at : 0;
        break;
      case STARTED:
        known.started = Math.max(known.started, attempt);
        break;
      case CHARGED:
        this.charge(decodeValue(body) as Charge); // encoded by the engine
        break;
      case DIED:
        known.deaths = Math.max(known.deaths, attempt);
        break;
    }
  }

  /** Takes in what is known of a task. */
  know(fact: TaskFact): void {
    Object.assign(this.#of(fact.positions), fact);
  }

  /** Takes in that an attempt ended with its thread. */
  charge(charge: Charge): void {
    const known = this.#of(charge.positions);
    if (charge.attempts < known.attempts) return;
    known.attempts = charge.attempts;
    known.charge = charge;
    known.failure = undefined;
    known.dueAt = 0;
  }

  /**
   * The process has died: counts it for the tasks that were noted as started, as each of them may be why.
   *
   * @returns those, with their counts
   */
  died(): TaskFact[] {
    const suspects = [...this.#byTask.values()].filter(({ hasReturned, started, attempts }) => !hasReturned && started > attempts);
    for (const known of suspects) known.deaths += 1;
    return suspects;
  }

  /** Whether a task of the run was noted as started when the process died. */
  get areSuspect(): boolean {
    return [...this.#byTask.values()].some(({ hasReturned, deaths }) => !hasReturned && deaths > 0);
  }

  /** @param engineMs times of the wall clock on that of the engine */
  list(engineMs: (wall: number) => number): TaskFact[] {
    return [...this.#byTask.values()].map((known) => ({
      ...known,
      dueAt: known.dueAt === 0 ? 0 : engineMs(known.dueAt),
      isParked: known.isParked || known.deaths >= this.#deathsMax,
    }));
  }

  #of(positions: readonly number[]): Known {
    const key = positions.join();
    let known = this.#byTask.get(key);
    if (known === undefined) {
      known = { positions: [...positions], attempts: 0, hasReturned: false, dueAt: 0, started: 0, deaths: 0, isParked: false };
      this.#byTask.set(key, known);
    }
    return known;
  }
}
