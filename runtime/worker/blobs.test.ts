import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { encodeValue } from "../codec/value-codec.js";
import { type Blob, Blobs } from "./blobs.js";

const key = { slot: 3, epoch: -4, scope: 5, instance: -1 };
const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** The only link that a thread has. */
const linkTo = (other: number, port: MessagePort) => ({
  blob: (thread: number) => (thread === other ? port : undefined),
  blobs: () => [port],
});

/** Threads 0 and 1, as both see each other; what thread 1 has received. */
function twoThreads() {
  const { port1, port2 } = new MessageChannel();
  const received: Blob[] = [];
  const sender = new Blobs(linkTo(1, port1), () => {});
  const receiver = new Blobs(linkTo(0, port2), (blob) => received.push(blob));
  open.push(port1, port2);
  return { sender, receiver, received };
}

describe("Blobs", () => {
  test("are there as soon as they have been posted, in order, with their key", () => {
    const { sender, receiver, received } = twoThreads();
    const large = new Uint8Array(5_000_000).map((_, index) => index % 251);
    sender.post(1, key, large);
    sender.post(1, { ...key, instance: 7 }, new Uint8Array([1]));
    receiver.drain();
    expect(received.map(({ bytes, ...rest }) => [rest, bytes.length])).toEqual([
      [key, 5_000_000],
      [{ ...key, instance: 7 }, 1],
    ]);
    expect(Buffer.compare(received[0]?.bytes as Uint8Array, large)).toBe(0);
    receiver.drain();
    expect(received).toHaveLength(2);
  });

  test.each([20_000, 1_000_000])("leave the sender its bytes, be they an encoder's own memory: %i", (chars) => {
    const { sender, receiver, received } = twoThreads();
    const encoded = encodeValue("x".repeat(chars)); // a Buffer: its slice() would be a view of the same memory
    const before = Buffer.copyBytesFrom(encoded);
    sender.post(1, key, encoded);
    expect(Buffer.compare(encoded, before)).toBe(0);
    encoded.fill(0);
    receiver.drain();
    expect(Buffer.compare(received[0]?.bytes as Uint8Array, before)).toBe(0);
  });

  test("to a thread that there is no port to are dropped", () => {
    const { sender, receiver, received } = twoThreads();
    sender.post(9, key, new Uint8Array(1));
    receiver.drain();
    expect(received).toEqual([]);
  });
});
