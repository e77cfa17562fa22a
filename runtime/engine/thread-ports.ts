import { MessageChannel } from "node:worker_threads";
import type { Link } from "../worker/links.js";

/** Two channels between two threads: for each, its end of both. */
export function linkThreads(one: number, oneIncarnation: number, other: number, otherIncarnation: number): { ofOne: Link; ofOther: Link } {
  const bells = new MessageChannel();
  const blobs = new MessageChannel();
  return {
    ofOne: { thread: other, incarnation: otherIncarnation, bell: bells.port1, blob: blobs.port1 },
    ofOther: { thread: one, incarnation: oneIncarnation, bell: bells.port2, blob: blobs.port2 },
  };
}
