import { copyValue } from "../kernel/value.js";
import { withRefs } from "./ref.js";

/**
 * A message's canonical form, which shares nothing mutable with it; refs stay the refs that they are.
 *
 * @throws DF_UNSERIALIZABLE
 */
export function copyMessage<T>(message: T): T {
  switch (typeof message) {
    case "boolean":
    case "undefined":
    case "bigint":
      return message;
    default:
      return withRefs(() => copyValue(message));
  }
}
