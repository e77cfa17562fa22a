import { createHash } from "node:crypto";

/** SHA-256 of something that is JSON, in hexadecimal: the same for what is the same, byte for byte. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
