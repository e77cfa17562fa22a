import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteRing } from "./byte-ring.js";
import { frameTotal, frameTotalWorst } from "./byte-ring-layout.js";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import type { RingConsumer } from "./ring-consumer.js";
import type { RingProducer } from "./ring-producer.js";
import { SwitchedWords } from "./switched-words.fixture.js";
import { AtomicWords } from "./words.js";

/** Bytes that tell frames of different numbers and lengths apart. */
export const frameOf = (number: number, byteLength: number): Uint8Array =>
  Uint8Array.from({ length: byteLength }, (_, index) => (number * 31 + index * 7 + byteLength) & 0xff);

/** A ring with a view, and words that can be exchanged, for each of its threads. */
function openRing(capacityBytes: number, startAt: number) {
  const buffer = new SharedArrayBuffer(ByteRing.bytes(capacityBytes));
  const words = () => new SwitchedWords(new AtomicWords(new Int32Array(buffer)));
  const [producerWords, consumerWords] = [words(), words()];
  new ByteRing(buffer, 0, capacityBytes).reset(startAt);
  return {
    producerWords,
    consumerWords,
    supervisor: new ByteRing(buffer, 0, capacityBytes),
    producerSide: new ByteRing(buffer, 0, capacityBytes, producerWords),
    consumerSide: new ByteRing(buffer, 0, capacityBytes, consumerWords),
  };
}

const copyOf = (frame: Uint8Array | undefined): Uint8Array | undefined => (frame === undefined ? undefined : Uint8Array.from(frame));

function drain(consumer: RingConsumer): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let frame = consumer.take(); frame !== undefined; frame = consumer.take()) frames.push(Uint8Array.from(frame));
  return frames;
}

/** What a ring is: a list of frames, and the two counters that decide about room. */
class RingModel {
  readonly frames: { frame: Uint8Array; end: number }[] = [];
  promised: number[] = [];
  readonly #capacity: number;
  #tail = 0;
  #head = 0;

  constructor(capacity: number, startAt: number) {
    this.#capacity = capacity;
    this.#tail = startAt;
    this.#head = startAt;
  }

  get freeBytes(): number {
    return this.#capacity - (this.#tail - this.#head) - this.promised.reduce((sum, byteLength) => sum + frameTotalWorst(byteLength), 0);
  }

  offer(frame: Uint8Array): boolean {
    const total = frameTotal(frame.length);
    const toEnd = this.#capacity - (this.#tail % this.#capacity);
    const bytes = toEnd < total ? toEnd + total : total;
    if (bytes > this.freeBytes) return false;
    this.#tail += bytes;
    this.frames.push({ frame, end: this.#tail });
    return true;
  }

  promise(byteLength: number): boolean {
    if (frameTotalWorst(byteLength) > this.freeBytes) return false;
    this.promised.push(byteLength);
    return true;
  }

  take(): Uint8Array | undefined {
    const first = this.frames.shift();
    if (first !== undefined) this.#head = first.end;
    return first?.frame;
  }
}

/** More accesses than an offer or a take makes. */
const accessesMax = 8;

/** @param framesThatFit frames of 24 bytes that the ring holds at once */
export function byteRingConformance(name: string, framesThatFit: number, startAt: number): void {
  const capacityBytes = framesThatFit * 32;
  const open = () => openRing(capacityBytes, startAt);
  const claim = (ring: ReturnType<typeof open>): [RingProducer, RingConsumer] => [
    ring.producerSide.claimProducer(),
    ring.consumerSide.claimConsumer(),
  ];

  describe(name, () => {
    test("take() answers undefined on a new ring, and again after all was taken", () => {
      const [producer, consumer] = claim(open());
      expect(consumer.take()).toBeUndefined();
      expect(producer.offer(frameOf(1, 3))).toBe(true);
      expect(copyOf(consumer.take())).toEqual(frameOf(1, 3));
      expect(consumer.take()).toBeUndefined();
    });

    test("offer() is refused when the ring is full, and accepted after a take", () => {
      const [producer, consumer] = claim(open());
      for (let number = 0; number < framesThatFit; number++) expect(producer.offer(frameOf(number, 24))).toBe(true);
      expect(producer.freeBytes()).toBe(0);
      expect(producer.offer(frameOf(90, 0))).toBe(false);
      expect(copyOf(consumer.take())).toEqual(frameOf(0, 24));
      expect(producer.freeBytes()).toBe(32);
      expect(producer.offer(frameOf(91, 24))).toBe(true);
      expect(drain(consumer)).toEqual([
        ...Array.from({ length: framesThatFit - 1 }, (_, index) => frameOf(index + 1, 24)),
        frameOf(91, 24),
      ]);
    });

    test("an empty ring has room for a frame of any allowed length, wherever the lap stands", () => {
      const ring = open();
      const [producer, consumer] = claim(ring);
      for (let round = 0; round < 60; round++) {
        for (const byteLength of [ring.supervisor.frameBytesMax, round % 9, ring.supervisor.frameBytesMax - (round % 7)]) {
          const frame = frameOf(round, byteLength);
          expect(producer.offer(frame)).toBe(true);
          expect(copyOf(consumer.take())).toEqual(frame);
        }
      }
      expect(() => producer.offer(frameOf(1, ring.supervisor.frameBytesMax + 1))).toThrow("fits half of its ring");
    });

    test("a frame exists from publish() on; a reservation given up leaves no trace", () => {
      const ring = open();
      const [producer, consumer] = claim(ring);
      ring.producerSide.bytes.fill(0xee, producer.reserve(20), 20);
      expect(consumer.take()).toBeUndefined();
      const at = producer.reserve(2);
      expect(at % 8).toBe(0);
      ring.producerSide.bytes.set([5, 6], at);
      producer.publish();
      expect([...consumer.take()!]).toEqual([5, 6]);
      expect(() => producer.publish()).toThrow("a frame was reserved");
    });

    test("a promised frame is never refused, whatever else was offered", () => {
      const ring = open();
      const [producer, consumer] = claim(ring);
      for (let round = 0; round < 50; round++) {
        const byteLength = round % 16;
        expect(producer.promise(byteLength)).toBe(true);
        let offered = 0;
        while (producer.offer(frameOf(offered, round % 9))) offered += 1;
        producer.unpromise(byteLength);
        expect(producer.offer(frameOf(99, byteLength))).toBe(true);
        expect(drain(consumer).at(-1)).toEqual(frameOf(99, byteLength));
      }
    });

    test("promise() is refused where its worst case does not fit; unpromise() gives the room back", () => {
      const [producer] = claim(open());
      let promises = 0;
      while (producer.promise(8)) promises += 1;
      expect(promises).toBe(Math.floor(capacityBytes / frameTotalWorst(8)));
      for (; promises > 0; promises--) producer.unpromise(8);
      expect(producer.freeBytes()).toBe(capacityBytes);
      expect(() => producer.unpromise(8)).toThrow("only what was promised");
    });

    test("any order of offers, takes and promises gives the answers of a list", () => {
      const frameBytesMax = capacityBytes / 2 - 8;
      const byteLength = fc.integer({ min: 0, max: frameBytesMax });
      const step = fc.oneof(
        { weight: 3, arbitrary: fc.record({ do: fc.constant("offer" as const), byteLength }) },
        { weight: 3, arbitrary: fc.record({ do: fc.constant("take" as const) }) },
        fc.record({ do: fc.constant("promise" as const), byteLength }),
        fc.record({ do: fc.constant("keep promise" as const) }),
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
          const [producer, consumer] = claim(open());
          const model = new RingModel(capacityBytes, startAt);
          let number = 0;
          for (const what of steps) {
            if (what.do === "offer") {
              const frame = frameOf(number++, what.byteLength);
              expect(producer.offer(frame)).toBe(model.offer(frame));
            } else if (what.do === "take") expect(copyOf(consumer.take())).toEqual(model.take());
            else if (what.do === "promise") expect(producer.promise(what.byteLength)).toBe(model.promise(what.byteLength));
            else {
              const promised = model.promised.shift();
              if (promised === undefined) continue;
              producer.unpromise(promised);
              const frame = frameOf(number++, promised);
              expect([producer.offer(frame), model.offer(frame)]).toEqual([true, true]);
            }
            expect(producer.freeBytes()).toBe(model.freeBytes);
          }
          expect(drain(consumer)).toEqual(model.frames.map((entry) => entry.frame));
        }),
        { numRuns: 100 },
      );
    });
  });

  /** Both ends, after so many frames went through, so that offers and takes meet every place of the lap. */
  const openAfter = (lapped: number, queued: number) => {
    const ring = open();
    const [producer, consumer] = claim(ring);
    for (let number = 0; number < lapped; number++) {
      producer.offer(frameOf(number, number % 24));
      consumer.take();
    }
    const frames = Array.from({ length: queued }, (_, index) => frameOf(100 + index, 9)).filter((frame) => producer.offer(frame));
    return { ring, producer, consumer, frames };
  };

  describe(`${name}, preempted`, () => {
    test("an offer during which the consumer takes, and a take during which the producer offers, see a list", () => {
      for (let lapped = 0; lapped < 12; lapped++) {
        for (let queued = 0; queued <= framesThatFit; queued++) {
          for (let access = 1; access <= accessesMax; access++) {
            const offering = openAfter(lapped, queued);
            const taken: Uint8Array[] = [];
            const plain = offering.ring.producerWords.target;
            offering.ring.producerWords.target = new InterruptedWords(plain, access, () => taken.push(...drain(offering.consumer)));
            const accepted = offering.producer.offer(frameOf(200, 14));
            const expected = accepted ? [...offering.frames, frameOf(200, 14)] : offering.frames;
            expect([...taken, ...drain(offering.consumer)]).toEqual(expected);

            const taking = openAfter(lapped, queued);
            const inner = taking.ring.consumerWords.target;
            const offered: Uint8Array[] = [];
            taking.ring.consumerWords.target = new InterruptedWords(inner, access, () => {
              if (taking.producer.offer(frameOf(201, 14))) offered.push(frameOf(201, 14));
            });
            const first = copyOf(taking.consumer.take());
            const left = drain(taking.consumer);
            expect(first === undefined ? left : [first, ...left]).toEqual([...taking.frames, ...offered]);
          }
        }
      }
    });
  });

  describe(`${name}, with a fault on the way`, () => {
    const faults = {
      lost: (producer: RingProducer) => producer.lose(),
      doubled: (producer: RingProducer) => producer.double(),
    };

    /** Frames sent before: all places of the lap, and the wrap of the numbers in a ring that starts 100 below it. */
    const everyPlace = [0, 95].flatMap((first) => Array.from({ length: 12 }, (_, index) => first + index));

    /** Sends a frame and lets the fault happen to it; undefined when there was no room for what the test wants to see. */
    const sendWith = (fault: keyof typeof faults, ring: ReturnType<typeof open>, producer: RingProducer, frame: Uint8Array) => {
      const freeBytes = producer.freeBytes();
      const at = producer.reserve(frame.length);
      if (at < 0 || freeBytes < 2 * frameTotalWorst(frame.length)) return undefined;
      ring.producerSide.bytes.set(frame, at);
      faults[fault](producer);
      return fault === "lost" ? [] : [frame];
    };

    for (const fault of ["lost", "doubled"] as const) {
      for (const byteLength of [0, 5]) {
        test(`a frame of ${byteLength} bytes that is ${fault} is noticed before the next one is taken, and when there is none`, () => {
          let seen = 0;
          for (const lapped of everyPlace) {
            for (const [before, behind] of [
              [0, 0],
              [0, 1],
              [1, 0],
              [1, 1],
            ] as const) {
              const { ring, producer, consumer, frames } = openAfter(lapped, before);
              const arrived = sendWith(fault, ring, producer, frameOf(150, byteLength));
              if (arrived === undefined) continue;
              seen += 1;
              for (let number = 0; number < behind; number++) producer.offer(frameOf(160 + number, 1));
              for (const frame of [...frames, ...arrived]) expect(copyOf(consumer.take())).toEqual(frame);
              expect(corruptionIn(() => consumer.take())).toBe(true);
              expect(corruptionIn(() => consumer.take())).toBe(true);
              ring.supervisor.repair("consumer");
              const successor = ring.supervisor.claimConsumer();
              for (let number = 0; number < 2 * framesThatFit; number++) {
                expect(producer.offer(frameOf(number, 20))).toBe(true);
                expect(copyOf(successor.take())).toEqual(frameOf(number, 20));
              }
              expect(successor.take()).toBeUndefined();
            }
          }
          expect(seen).toBeGreaterThanOrEqual(2 * everyPlace.length);
        });
      }
    }

    test("a fault is noticed behind the producer's end, too, whose successor goes on with the numbers", () => {
      for (let lapped = 0; lapped < 12; lapped++) {
        const { ring, producer, consumer } = openAfter(lapped, 0);
        if (sendWith("lost", ring, producer, frameOf(150, 3)) === undefined) continue;
        ring.supervisor.repair("producer");
        expect(ring.supervisor.claimProducer().offer(frameOf(7, 3))).toBe(true);
        expect(corruptionIn(() => consumer.take())).toBe(true);
      }
    });

    test("frames that are all lost, fewer than there are numbers, are noticed", () => {
      const [producer, consumer] = claim(open());
      for (let count = 0; count < 127; count++) {
        producer.reserve(0);
        producer.lose();
        expect(corruptionIn(() => consumer.take())).toBe(true);
      }
    });
  });

  describe(`${name}, after a death`, () => {
    for (const when of ["before", "after"] as const) {
      test(`a producer that ends ${when} any access leaves its frame whole or not at all`, () => {
        const outcomes = new Set<string>();
        for (let lapped = 0; lapped < 12; lapped++) {
          let died = true;
          for (let access = 1; died; access++) {
            const { ring, producer, consumer, frames } = openAfter(lapped, 1);
            ring.producerWords.target = new DyingWords(ring.producerWords.target, access, when);
            died = dies(() => expect(producer.offer(frameOf(200, 14))).toBe(true));
            ring.supervisor.repair("producer");
            const successor = ring.supervisor.claimProducer();
            const left = drain(consumer);
            const isPublished = left.length > frames.length;
            expect(left).toEqual(isPublished ? [...frames, frameOf(200, 14)] : frames);
            outcomes.add(`${died ? "died" : "lived"}, ${isPublished ? "published" : "not published"}`);
            expect(successor.offer(frameOf(7, 24))).toBe(true);
            expect(drain(consumer)).toEqual([frameOf(7, 24)]);
          }
        }
        expect(outcomes).toContain(when === "after" ? "died, published" : "died, not published");
        expect(outcomes).not.toContain("lived, not published");
        if (when === "before") expect(outcomes).not.toContain("died, published");
      });

      test(`a consumer that ends ${when} any access has taken a frame or not; its successor gets what is sent after the repair`, () => {
        const outcomes = new Set<string>();
        for (let lapped = 0; lapped < 12; lapped++) {
          let died = true;
          for (let access = 1; died; access++) {
            const { ring, producer, consumer, frames } = openAfter(lapped, 2);
            const freeBytes = producer.freeBytes();
            ring.consumerWords.target = new DyingWords(ring.consumerWords.target, access, when);
            died = dies(() => expect(copyOf(consumer.take())).toEqual(frames[0]));
            const isReleased = producer.freeBytes() > freeBytes;
            ring.supervisor.repair("consumer");
            expect(producer.freeBytes()).toBe(capacityBytes);
            const successor = ring.supervisor.claimConsumer();
            expect(successor.take()).toBeUndefined();
            expect(producer.offer(frameOf(7, 24))).toBe(true);
            expect(drain(successor)).toEqual([frameOf(7, 24)]);
            outcomes.add(`${died ? "died" : "lived"}, ${isReleased ? "released" : "not released"}`);
          }
        }
        expect(outcomes).toContain(when === "after" ? "died, released" : "died, not released");
        expect(outcomes).not.toContain("lived, not released");
        if (when === "before") expect(outcomes).not.toContain("died, released");
      });
    }
  });
}

function corruptionIn(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: "DF_RING_CORRUPT" });
    return true;
  }
}

function dies(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof Died) return true;
    throw error;
  }
}
