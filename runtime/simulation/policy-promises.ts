import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Watches whether the policy of a simulation keeps what policies promise. */
export class PolicyPromises {
  readonly #policy: string;
  /** Of the first run that ended by a fault of the policy. */
  #failure: DataFlowerError | undefined;

  /** @param policy its name, for messages */
  constructor(policy: string) {
    this.#policy = policy;
  }

  /** @param value what the run ended with */
  runEnded(isOk: boolean, value: unknown): void {
    if (!isOk && value instanceof DataFlowerError && value.code === "DF_SCHEDULER_FAILED") this.#failure ??= value;
  }

  /**
   * To be asked when nothing is under way any more. All tasks fit on the machines, so what was never started was never chosen.
   *
   * @param unfinished runs that have been submitted and have not ended
   * @throws DF_SCHEDULER_FAILED
   */
  requireKept(unfinished: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (unfinished === 0) return;
    throw new DataFlowerError(
      "DF_SCHEDULER_FAILED",
      `Cannot finish the simulation as policy ${this.#policy} must give every task once: found ${unfinished} runs that never ended`,
    );
  }
}
