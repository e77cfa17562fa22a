import type { Schedulable } from "../../schedulers/policy.js";
import type { DataFlowerError } from "../kernel/errors.js";

/** What a policy orders, able to hear that it will never start. */
export interface Refusable extends Schedulable {
  /** The policy that held it broke its contract, or sheds it: instead of being started, it ends with this error. */
  refuse(error: DataFlowerError): void;
}
