/** Handlers that spoil everything they can lay hands on: what they were given, and what they have returned. */
import { Later } from "../../actors/workflow/simulated-ports.fixture.js";

export class Vandal {
  readonly #random: () => number;
  readonly #laterShare: number;
  #spoils: unknown[] = [];

  /** @param laterShare how many of the calls end later, from 0 to 1 */
  constructor(random: () => number, laterShare: number) {
    this.#random = random;
    this.#laterShare = laterShare;
  }

  /** The same answers as a handler gives, with vandalism. */
  wrap<Input>(handler: (input: Input) => unknown): (input: Input) => unknown {
    return (input) => {
      this.spoil();
      const output = handler(input);
      this.#spoils.push(input);
      spoil(input);
      if (this.#random() < this.#laterShare) return new Later(true, output);
      this.#spoils.push(output);
      return output;
    };
  }

  /** Spoils the newest inputs and outputs of calls that are over. */
  spoil(): void {
    for (const value of this.#spoils) spoil(value);
    this.#spoils = this.#spoils.slice(-10);
  }
}

function spoil(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    if (typeof fields[key] === "object") spoil(fields[key]);
    else fields[key] = "spoilt";
  }
  if (Array.isArray(value)) value.push("spoilt");
  else fields.spoilt = true;
}
