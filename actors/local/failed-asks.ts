import type { DataFlowerError } from "../kernel/errors.js";
import { Ref } from "./ref.js";

/** Parts of a message that are looked at. Whoever hides the ref of an ask deeper waits for the ask's timeout. */
export const partsSearchedMax = 1000;

/**
 * Ends the asks whose refs a message holds: nobody will answer it. Messages that were answered already are not hurt, as an ask ends once.
 *
 * @param makeError called when there is such an ask
 */
export function failAsks(message: unknown, makeError: () => DataFlowerError): void {
  if (typeof message !== "object" || message === null) return;
  const found = new Set<unknown>([message]); // grows while it is walked
  let error: DataFlowerError | undefined;
  for (const part of found) {
    if (Ref.isRef(part)) {
      error ??= makeError();
      Ref.targetOf(part).fail(error);
    } else if (found.size < partsSearchedMax) addObjects(part as object, found);
  }
}

function addObjects(part: object, found: Set<unknown>): void {
  const held = part instanceof Map ? [...part.keys(), ...part.values()] : part instanceof Set ? [...part] : plainParts(part);
  for (const one of held) {
    if (typeof one === "object" && one !== null && found.size < partsSearchedMax) found.add(one);
  }
}

function plainParts(part: object): readonly unknown[] {
  if (Array.isArray(part)) return part;
  const prototype: unknown = Object.getPrototypeOf(part);
  return prototype === Object.prototype || prototype === null ? Object.values(part) : [];
}
