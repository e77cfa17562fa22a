import { describe, expect, test } from "vitest";
import { DeadLetterBroadcast, deadLettersWaitingMax } from "./dead-letter-stream.js";

const letter = (message: unknown) => ({ to: "it", message, reason: "stopped" }) as const;

describe("DeadLetterBroadcast", () => {
  test("tells each reader what comes from then on, in order, until it is closed", async () => {
    const stream = new DeadLetterBroadcast();
    stream.publish(letter(0));
    const first = stream[Symbol.asyncIterator]();
    const early = first.next();
    stream.publish(letter(1));
    const second = stream[Symbol.asyncIterator]();
    stream.publish(letter(2));
    stream.close();
    expect(await early).toEqual({ done: false, value: letter(1) });
    const rest = [await first.next(), await first.next(), await second.next(), await second.next()];
    expect(rest.map(({ value }) => value)).toEqual([letter(2), undefined, letter(2), undefined]);
    expect(stream.count).toBe(3);
  });

  test("keeps the newest for a slow reader, and counts what it gave up", async () => {
    const stream = new DeadLetterBroadcast();
    const reader = stream[Symbol.asyncIterator]();
    for (let number = 0; number < deadLettersWaitingMax + 3; number++) stream.publish(letter(number));
    expect(reader.missedCount).toBe(3);
    expect((await reader.next()).value).toEqual(letter(3));
  });

  test("ends a loop that is left, a wait that is open, and a stream that is read after its end", async () => {
    const stream = new DeadLetterBroadcast();
    for (let number = 0; number < 3; number++) setImmediate(() => stream.publish(letter(number)));
    for await (const { message } of stream) if (message === 1) break;
    const waiting = stream[Symbol.asyncIterator]().next();
    stream.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    for await (const one of stream) expect(one).toBe("nothing");
  });
});
