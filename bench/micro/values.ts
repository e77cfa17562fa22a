import { isDeepStrictEqual } from "node:util";
import { MANY_CALLS, mustHold } from "./operation.js";

/** What tasks hand on, and how often that is repeated to be timed. */
export const values: readonly { readonly name: string; readonly value: object; readonly calls: number }[] = [
  { name: "small object", value: { v: 17, name: "task-17" }, calls: MANY_CALLS },
  { name: "typical object", value: typical(), calls: MANY_CALLS },
  { name: "list of 1,000 objects", value: Array.from({ length: 1_000 }, typical), calls: 1 },
  { name: "64 KiB of bytes", value: { data: new Uint8Array(65_536).fill(3) }, calls: 10 },
];

/** What tasks of services give: some names, numbers and lists, two levels deep. */
function typical(): object {
  return {
    id: "order-2291",
    customer: { name: "Grace", tier: 2, tags: ["new", "retail"] },
    lines: [
      { sku: "A-17", count: 2, price: 9.5 },
      { sku: "B-03", count: 1, price: 120 },
    ],
    total: 139,
    isPaid: true,
    note: null,
  };
}

/** Whether a value is equal to another one and shares no part of it. */
export function mustBeCopy(copy: unknown, value: object): void {
  mustHold(isDeepStrictEqual(copy, value), "what comes out must equal what went in");
  const parts = new Set(partsOf(value));
  mustHold(!partsOf(copy).some((part) => parts.has(part)), "what comes out must share nothing with what went in");
}

function partsOf(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return ArrayBuffer.isView(value) ? [value, value.buffer] : [value, ...Object.values(value).flatMap(partsOf)];
}
