import { isDeepStrictEqual } from "node:util";
import { copyValue } from "../../actors/kernel/value.js";
import { decodeValue, encodeValue } from "../../runtime/codec/value-codec.js";
import { MANY_CALLS, mustHold, type Operation } from "./operation.js";

const values: Readonly<Record<string, { readonly value: unknown; readonly calls: number }>> = {
  "a small object": { value: { v: 17, name: "task-17" }, calls: MANY_CALLS },
  "a typical object": { value: typical(), calls: MANY_CALLS },
  "a list of 1,000 objects": { value: Array.from({ length: 1_000 }, typical), calls: 1 },
  "64 KiB of bytes": { value: { data: new Uint8Array(65_536).fill(3) }, calls: 10 },
};

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

/** The copy that isolates tasks from each other on one thread. */
export function copyOperations(): Operation[] {
  return operations("copy", "copy", copyValue);
}

/** What an output costs that goes to another thread. */
export function codecOperations(): Operation[] {
  return operations("codec", "encoding and decoding", (value) => decodeValue(encodeValue(value)));
}

function operations(family: string, verb: string, translate: (value: unknown) => unknown): Operation[] {
  return Object.entries(values).map(([name, { value, calls }]) => {
    let last: unknown;
    return {
      name: `${family}: ${verb} of ${name}`,
      calls,
      run() {
        for (let count = 0; count < calls; count++) last = translate(value);
      },
      check: () => mustHold(last !== value && isDeepStrictEqual(last, value), "what comes out must equal what went in, and be another"),
    };
  });
}
