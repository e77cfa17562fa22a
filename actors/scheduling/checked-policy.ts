import { Fifo } from "../../schedulers/fifo.js";
import type { Observation, Policy } from "../../schedulers/policy.js";
import { DataFlowerError } from "../kernel/errors.js";
import { thrownText } from "../kernel/thrown-text.js";
import type { Refusable } from "./refusable.js";

/**
 * Guards a policy that a user wrote, so that no task is lost, given twice or waited for in vain, whatever the policy does.
 *
 *             breaks its contract                      all that it held has been given
 *   SOUND ───────────────────────▶ BROKEN ──────────────────────────────────────────────▶ SOUND, with an empty policy
 *
 * SOUND   each answer is compared with what the policy should hold
 * BROKEN  the policy is not called any more; all that it held, and all that is inserted, is refused and given in FIFO order
 *
 * It breaks its contract when it throws, gives what it does not hold, gives nothing while it holds a task, does not find a task that it
 * holds, or tells a wrong size. A breach while it holds nothing refuses the next task that comes.
 */
export class CheckedPolicy<Task extends Refusable> implements Policy<Task> {
  readonly name: string;
  /** undefined where the policy has none, so that nobody has to tell it anything. */
  readonly observe?: (task: Task, observation: Observation) => void;
  readonly #create: () => Policy<Task>;
  #policy: Policy<Task> | undefined;
  /** SOUND: what the policy should hold. */
  readonly #held = new Set<Task>();
  /** BROKEN: what is still to be given. */
  readonly #refused = new Fifo<Task>();
  #breach: DataFlowerError | undefined;

  /** @param create makes an empty policy; may throw */
  constructor(name: string, create: () => Policy<Task>) {
    this.name = name;
    this.#create = create;
    this.#begin();
    if (this.#policy?.observe === undefined) return;
    this.observe = (task, observation) => void this.#call("observe", (policy) => policy.observe?.(task, observation));
  }

  get size(): number {
    return this.#breach === undefined ? this.#held.size : this.#refused.size;
  }

  insert(task: Task, now: number): void {
    if (this.#breach !== undefined) {
      this.#refuse(task, this.#breach);
      return;
    }
    this.#held.add(task);
    this.#call("insert", (policy) => policy.insert(task, now));
    this.#checkSize();
  }

  take(now: number): Task | undefined {
    const task = this.#call("take", (policy) => policy.take(now));
    if (this.#breach !== undefined) return this.#takeRefused();
    if (task === undefined && this.#held.size === 0) return undefined;
    if (task === undefined) this.#break("give a task while it holds some", "nothing");
    else if (this.#held.delete(task)) {
      this.#checkSize();
      return task;
    } else this.#break("give each task that it holds once, and nothing else", "another one");
    return this.#takeRefused();
  }

  remove(task: Task): boolean {
    if (this.#breach !== undefined) return this.#refused.remove(task);
    if (!this.#held.delete(task)) return false;
    this.#requireFound(this.#call("remove", (policy) => policy.remove(task)));
    return true;
  }

  reprioritise(task: Task, now: number): boolean {
    if (this.#breach !== undefined) return this.#refused.reprioritise(task);
    if (!this.#held.has(task)) return false;
    this.#requireFound(this.#call("reprioritise", (policy) => policy.reprioritise(task, now)));
    return true;
  }

  #begin(): void {
    this.#breach = undefined;
    this.#policy = undefined;
    try {
      this.#policy = this.#create();
    } catch (thrown) {
      this.#breakBy("create", thrown);
    }
  }

  /** Calls a sound policy; undefined when it throws, and when it is broken. */
  #call<Answer>(what: string, call: (policy: Policy<Task>) => Answer): Answer | undefined {
    if (this.#breach !== undefined) return undefined;
    try {
      return call(this.#policy as Policy<Task>); // a sound one has been made
    } catch (thrown) {
      this.#breakBy(what, thrown);
      return undefined;
    }
  }

  #requireFound(answer: boolean | undefined): void {
    if (answer === false) this.#break("find each task that it holds", "it lost one");
    this.#checkSize();
  }

  #checkSize(): void {
    const size = this.#call("size", (policy) => policy.size);
    if (size !== this.#held.size) this.#break(`have the size ${this.#held.size}`, thrownText(size));
  }

  #breakBy(what: string, thrown: unknown): void {
    if (thrown instanceof DataFlowerError && thrown.code === "DF_SCHEDULER_FAILED") this.#breakWith(thrown);
    else this.#break(`not throw in ${what}`, `it threw ${thrownText(thrown)}`, { cause: thrown });
  }

  #break(rule: string, found: string, details?: { readonly cause: unknown }): void {
    this.#breakWith(breach(this.name, rule, found, details));
  }

  /** The first breach is the one that is told. */
  #breakWith(error: DataFlowerError): void {
    if (this.#breach !== undefined) return;
    this.#breach = error;
    for (const task of this.#held) this.#refuse(task, error);
    this.#held.clear();
  }

  #refuse(task: Task, error: DataFlowerError): void {
    task.refuse(error);
    this.#refused.insert(task);
  }

  #takeRefused(): Task | undefined {
    const task = this.#refused.take();
    if (task !== undefined && this.#refused.size === 0) this.#begin();
    return task;
  }
}

/** Why a policy is not called any more. */
export function breach(policy: string, rule: string, found: string, details?: { readonly cause: unknown }): DataFlowerError {
  return new DataFlowerError("DF_SCHEDULER_FAILED", `Cannot go on with policy ${policy} as it must ${rule}: found ${found}`, details);
}
