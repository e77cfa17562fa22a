import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Links } from "./links.js";

/** Which value of which run the bytes are. `scope` 0 and `instance` -1: the error of a report; -2: the result of a run. */
export interface BlobKey {
  readonly slot: number;
  readonly epoch: number;
  readonly scope: number;
  readonly instance: number;
}

export interface Blob extends BlobKey {
  readonly bytes: Uint8Array;
}

/**
 * Payloads that are too large for a ring or that found no room in shared memory: transferred to the one thread that reads them.
 * They are posted before whatever refers to them, and picked up with receiveMessageOnPort when the reference arrives.
 */
export class Blobs {
  readonly #links: Pick<Links, "blob" | "blobs">;
  readonly #receive: (blob: Blob) => void;

  /** @param receive gets each blob that drain() finds */
  constructor(links: Pick<Links, "blob" | "blobs">, receive: (blob: Blob) => void) {
    this.#links = links;
    this.#receive = receive;
  }

  /** Sends a copy of the bytes to a thread. */
  post(thread: number, key: BlobKey, bytes: Uint8Array): void {
    const own = new Uint8Array(bytes); // slice() of a Buffer would transfer the encoder's own memory away
    this.#links.blob(thread)?.postMessage({ ...key, bytes: own }, [own.buffer]);
  }

  /** Takes in everything that other threads have posted. */
  drain(): void {
    for (const port of this.#links.blobs()) this.drainPort(port);
  }

  drainPort(port: MessagePort): void {
    for (let found = receiveMessageOnPort(port); found !== undefined; found = receiveMessageOnPort(port)) {
      this.#receive(found.message as Blob); // post() is the only sender
    }
  }
}
