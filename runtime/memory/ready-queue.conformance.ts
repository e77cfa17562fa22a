import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Died, DyingWords } from "./dying-words.fixture.js";
import { InterruptedWords } from "./interrupted-words.fixture.js";
import { ReadyQueue, type ReadyQueueConsumer, type ReadyQueueLayout, type ReadyQueueProducer } from "./ready-queue.js";
import { SwitchedWords } from "./switched-words.fixture.js";
import { AtomicWords, type Words } from "./words.js";

/** One memory, and a view of it for every thread, each with its own words. */
class QueueUnderTest {
  readonly layout: ReadyQueueLayout;
  readonly #buffer: SharedArrayBuffer;

  constructor(capacity: number, startAt: number, cellsPerProducer = 2, threads = 3) {
    this.layout = { capacity, threads, cellsPerProducer, cellWords: 4 };
    this.#buffer = new SharedArrayBuffer(ReadyQueue.bytes(this.layout));
    this.view().reset(startAt);
  }

  view(words: Words = this.#words()): ReadyQueue {
    return new ReadyQueue(this.#buffer, 0, this.layout, words);
  }

  thread(id: number): QueueThread {
    return new QueueThread(this.view(), id);
  }

  /** A thread whose words can be exchanged once it has claimed its ends. */
  switched(id: number): { thread: QueueThread; words: SwitchedWords } {
    const words = new SwitchedWords(this.#words());
    return { thread: new QueueThread(this.view(words), id), words };
  }

  /** The tickets in the queue, read from a copy of the memory. */
  contents(): number[] {
    const copy = new QueueUnderTest(this.layout.capacity, 0, this.layout.cellsPerProducer, this.layout.threads);
    new Int32Array(copy.#buffer).set(new Int32Array(this.#buffer));
    copy.view().repair(1);
    return copy.thread(1).drain();
  }

  #words(): Words {
    return new AtomicWords(new Int32Array(this.#buffer));
  }
}

/** What one thread does with the queue, in tickets instead of cells. */
class QueueThread {
  readonly queue: ReadyQueue;
  readonly producer: ReadyQueueProducer;
  readonly consumer: ReadyQueueConsumer;

  constructor(queue: ReadyQueue, id: number) {
    this.queue = queue;
    this.producer = queue.claimProducer(id);
    this.consumer = queue.claimConsumer(id);
  }

  offer(ticket: number): "offered" | "full" | "no cell" {
    const cell = this.producer.reserve();
    if (cell < 0) return "no cell";
    writeTicket(this.queue, cell, ticket);
    if (this.producer.publish(cell)) return "offered";
    this.producer.cancel(cell);
    return "full";
  }

  /** The ticket, or "empty". */
  take(): number | "empty" {
    const cell = this.consumer.take();
    if (cell < 0) return "empty";
    const ticket = readTicket(this.queue, cell);
    this.consumer.done(cell);
    return ticket;
  }

  drain(): number[] {
    const tickets: number[] = [];
    for (let ticket = this.take(); ticket !== "empty"; ticket = this.take()) tickets.push(ticket);
    return tickets;
  }
}

function writeTicket(queue: ReadyQueue, cell: number, ticket: number): void {
  queue.ints.fill(ticket, queue.wordOf(cell), queue.wordOf(cell) + 4);
}

/** All four words, so that a payload seen half-written or overwritten shows. */
function readTicket(queue: ReadyQueue, cell: number): number {
  const words = queue.ints.subarray(queue.wordOf(cell), queue.wordOf(cell) + 4);
  const ticket = words[0] ?? Number.NaN;
  if (words.some((word) => word !== ticket)) expect.fail(`a ticket is whole: found ${words.join(", ")}`);
  return ticket;
}

type Step = { do: "offer"; ticket: number } | { do: "take" };
type Answer = ReturnType<QueueThread["offer"]> | ReturnType<QueueThread["take"]>;

const perform = (thread: QueueThread, step: Step): Answer => (step.do === "offer" ? thread.offer(step.ticket) : thread.take());

/** What a queue is: an array. */
function performOnModel(model: number[], capacity: number, step: Step): Answer {
  if (step.do === "take") return model.shift() ?? "empty";
  if (model.length === capacity) return "full";
  model.push(step.ticket);
  return "offered";
}

/** What can be seen of one operation, of what others did meanwhile, and of what is in the queue afterwards. */
interface History {
  own: Answer | "died";
  others: Answer[];
  /** Tickets that repair() returned. */
  returned: number[];
  left: number[];
}

/** Every history in which `own` takes effect at one instant between the steps of others; and, if it may die, those in which it never does. */
function linearHistories(before: number[], capacity: number, own: Step, others: Step[], died: boolean): History[] {
  const histories: History[] = [];
  for (let at = 0; at <= others.length; at++) {
    const model = [...before];
    const answers = others.slice(0, at).map((step) => performOnModel(model, capacity, step));
    const answer = performOnModel(model, capacity, own);
    answers.push(...others.slice(at).map((step) => performOnModel(model, capacity, step)));
    const returned = died && typeof answer === "number" ? [answer] : [];
    histories.push({ own: died ? "died" : answer, others: answers, returned, left: model });
  }
  if (!died) return histories;
  const model = [...before];
  return [...histories, { own: "died", others: others.map((step) => performOnModel(model, capacity, step)), returned: [], left: model }];
}

interface Disturbance {
  /** Thread 2 begins this step first, and stops for ever at this access of it. Nobody repairs it. */
  readonly halted?: { readonly step: Step; readonly at: number };
  /** Thread 1 does its steps in front of this access of thread 0; if that comes to an end earlier, then. */
  readonly cutInAt: number;
  /** Thread 0 ends at this access. */
  readonly death?: { readonly at: number; readonly when: "before" | "after" };
}

/** Thread 1 fills the queue with cells of its own, thread 0 does `own` while it is disturbed, and is repaired if it died. */
function disturbed(memory: QueueUnderTest, filled: number, own: Step, others: Step[], disturbance: Disturbance) {
  const other = memory.thread(1);
  const tickets = Array.from({ length: filled }, (_, index) => 200 + index);
  for (const ticket of tickets) other.offer(ticket);
  if (disturbance.halted) halt(memory, disturbance.halted);
  const before = disturbance.halted ? memory.contents() : tickets;

  const { thread, words } = memory.switched(0);
  const plain = words.target;
  const performed: { step: Step; answer: Answer }[] = [];
  const cutIn = () => {
    for (const step of others) performed.push({ step, answer: perform(other, step) });
  };
  const interrupted = new InterruptedWords(plain, disturbance.cutInAt, cutIn);
  words.target = disturbance.death ? new DyingWords(interrupted, disturbance.death.at, disturbance.death.when) : interrupted;
  const answer = beginOrDie(thread, own);
  words.target = plain;
  if (!interrupted.wasInterrupted) cutIn();
  if (typeof answer === "object") thread.consumer.done(answer.cell);

  const returned = answer === "died" ? repairAndRepublish(memory.view(), 0) : { tickets: [], republished: 0 };
  const left = other.drain();
  const counted = performed.filter((entry) => entry.answer !== "no cell"); // an array never lacks a cell: no step at all
  const history: History = {
    own: typeof answer === "object" ? answer.ticket : answer,
    others: counted.map((entry) => entry.answer),
    returned: returned.tickets,
    left: left.slice(0, left.length - returned.republished),
  };
  if (returned.republished > 0) expect(left.slice(history.left.length)).toEqual(returned.tickets.slice(0, returned.republished));
  const steps = counted.map((entry) => entry.step);
  return {
    history,
    allowed: linearHistories(before, memory.layout.capacity, own, steps, answer === "died"),
    wasCut: interrupted.wasInterrupted,
  };
}

function halt(memory: QueueUnderTest, { step, at }: { step: Step; at: number }): void {
  const { thread, words } = memory.switched(2);
  words.target = new DyingWords(words.target, at);
  beginOrDie(thread, step);
}

/** Performs a step; a taken cell stays in hand, so that only the take itself is disturbed. */
function beginOrDie(thread: QueueThread, step: Step): Answer | "died" | { cell: number; ticket: number } {
  try {
    if (step.do === "offer") return thread.offer(step.ticket);
    const cell = thread.consumer.take();
    return cell < 0 ? "empty" : { cell, ticket: readTicket(thread.queue, cell) };
  } catch (error) {
    if (error instanceof Died) return "died";
    throw error;
  }
}

/** What a supervisor does with the tickets that a dead thread held: to the back of the queue with them, while it has room. */
function repairAndRepublish(queue: ReadyQueue, dead: number): { tickets: number[]; republished: number } {
  const { taken } = queue.repair(dead);
  const tickets = taken.map((cell) => readTicket(queue, cell));
  const refused = taken.filter((cell) => !queue.republish(cell));
  for (const cell of refused) queue.discard(cell);
  return { tickets, republished: taken.length - refused.length };
}

/** All sequences of at most `lengthMax` offers and takes. */
function sequencesOfSteps(lengthMax: number): Step[][] {
  let last: Step[][] = [[]];
  const all = [...last];
  for (let length = 1; length <= lengthMax; length++) {
    last = last.flatMap((steps): Step[][] => [
      [...steps, { do: "offer", ticket: length }],
      [...steps, { do: "take" }],
    ]);
    all.push(...last);
  }
  return all;
}

/** More than any operation makes; walks over them end when one was not reached. */
const accessesMax = 60;
const othersMax = 4;
/** Accesses of an operation when nobody disturbs it, and one more. */
const haltsMax = 9;

export function readyQueueConformance(name: string, capacity: number, startAt: number): void {
  const fresh = (cellsPerProducer?: number) => new QueueUnderTest(capacity, startAt, cellsPerProducer);

  describe(`${name}`, () => {
    test("take() answers empty on a new queue, and again after all was taken", () => {
      const thread = fresh().thread(0);
      expect(thread.take()).toBe("empty");
      thread.offer(7);
      expect(thread.take()).toBe(7);
      expect(thread.take()).toBe("empty");
    });

    test("publish() answers full at capacity, keeps the cell reserved, and accepts it after a take", () => {
      const memory = fresh(capacity + 1);
      const [one, other] = [memory.thread(0), memory.thread(1)];
      for (let ticket = 0; ticket < capacity; ticket++) expect(one.offer(ticket)).toBe("offered");
      const cell = one.producer.reserve();
      writeTicket(one.queue, cell, 99);
      expect(one.producer.publish(cell)).toBe(false);
      expect(other.take()).toBe(0);
      expect(one.producer.publish(cell)).toBe(true);
      expect(other.drain()).toEqual([...Array.from({ length: capacity - 1 }, (_, index) => index + 1), 99]);
    });

    test("tickets come out in the order they went in, over many laps and across the wrap of the counters", () => {
      const memory = fresh(capacity);
      const [one, other] = [memory.thread(0), memory.thread(1)];
      let taken = 0;
      for (let ticket = 0; ticket < 400; ) {
        while (one.offer(ticket) === "offered") ticket += 1;
        expect(one.queue.length()).toBe(capacity);
        expect(other.take()).toBe(taken++);
        expect(other.take()).toBe(taken++);
      }
    });

    test("reserve() answers -1 while all cells are out, and finds those that are done", () => {
      const memory = fresh(2);
      const [one, other] = [memory.thread(0), memory.thread(1)];
      expect([one.offer(1), one.offer(2), one.offer(3)]).toEqual(["offered", "offered", "no cell"]);
      const cell = other.consumer.take();
      expect(one.offer(3)).toBe("no cell"); // taken is not done: the payload is being read
      other.consumer.done(cell);
      expect(one.offer(3)).toBe("offered");
      expect(other.drain()).toEqual([2, 3]);
    });

    test("cancel() gives the cell back without a ticket", () => {
      const memory = fresh(1);
      const one = memory.thread(0);
      const cell = one.producer.reserve();
      one.producer.cancel(cell);
      expect(one.producer.reserve()).toBe(cell);
      expect(one.take()).toBe("empty");
    });

    test("one thread may hold several taken cells and finish them in any order", () => {
      const memory = fresh(2);
      const one = memory.thread(0);
      one.offer(1);
      one.offer(2);
      const cells = [one.consumer.take(), one.consumer.take()];
      expect(cells.map((cell) => readTicket(one.queue, cell))).toEqual([1, 2]);
      for (const cell of cells.reverse()) one.consumer.done(cell);
      expect([one.offer(3), one.offer(4)]).toEqual(["offered", "offered"]);
    });

    test("three threads that offer and take in any order see an array", () => {
      const thread = fc.integer({ min: 0, max: 2 });
      const step = fc.oneof(
        fc.record({ do: fc.constant("offer" as const), ticket: fc.nat() }),
        fc.record({ do: fc.constant("take" as const) }),
      );
      fc.assert(
        fc.property(fc.array(fc.tuple(thread, step), { maxLength: 200 }), (steps) => {
          const memory = fresh(capacity + 1);
          const threads = [memory.thread(0), memory.thread(1), memory.thread(2)];
          const model: number[] = [];
          for (const [id, what] of steps) expect(perform(threads[id]!, what)).toEqual(performOnModel(model, capacity, what));
          expect(threads[0]!.queue.length()).toBe(model.length);
          expect(threads[0]!.drain()).toEqual(model);
        }),
        { numRuns: 100 },
      );
    });
  });

  const ownSteps: Step[] = [{ do: "offer", ticket: 100 }, { do: "take" }];
  /** Two tickets below the wrap where there is one, and as many cells as the queue can hold. */
  const nearWrap = () => new QueueUnderTest(capacity, startAt + 98, capacity);

  test.each(ownSteps)(`${name}: $do takes effect at one instant, wherever another thread cuts in, whatever that does`, (own) => {
    for (const others of sequencesOfSteps(othersMax)) {
      for (let filled = 0; filled <= capacity; filled++) {
        for (let cutInAt = 1, wasCut = true; wasCut; cutInAt++) {
          assertBelow(cutInAt, accessesMax);
          const run = disturbed(nearWrap(), filled, own, others, { cutInAt });
          expectOneOf(run.allowed, run.history, { filled, others, cutInAt });
          wasCut = run.wasCut;
        }
      }
    }
  });

  test.each(ownSteps)(`${name}: $do does so as well while a third thread stands still inside an operation`, (own) => {
    for (const step of ownSteps) {
      for (let at = 1; at <= haltsMax; at++) {
        for (const others of sequencesOfSteps(othersMax - 2)) {
          for (const filled of [0, capacity]) {
            for (let cutInAt = 1, wasCut = true; wasCut; cutInAt++) {
              assertBelow(cutInAt, accessesMax);
              const run = disturbed(nearWrap(), filled, own, others, { cutInAt, halted: { step, at } });
              expectOneOf(run.allowed, run.history, { filled, others, cutInAt, step, at });
              wasCut = run.wasCut;
            }
          }
        }
      }
    }
  });

  describe(`${name}, after a death`, () => {
    for (const when of ["before", "after"] as const) {
      test.each(ownSteps)(`a thread that ends ${when} any access of $do, cut in on anywhere, loses and doubles nothing`, (own) => {
        for (const others of sequencesOfSteps(othersMax - 2)) {
          for (let filled = 0; filled <= capacity; filled++) {
            for (let at = 1, died = true; died; at++) {
              assertBelow(at, accessesMax);
              for (let cutInAt = 1; cutInAt <= at + 1; cutInAt++) {
                const memory = nearWrap();
                const run = disturbed(memory, filled, own, others, { cutInAt, death: { at, when } });
                expectOneOf(run.allowed, run.history, { filled, others, cutInAt, at });
                died = run.history.own === "died";
                if (died) expectWhole(memory);
              }
            }
          }
        }
      });
    }

    test("done() is the moment from which a ticket is not returned any more", () => {
      for (const when of ["before", "after"] as const) {
        const memory = fresh(1);
        memory.thread(0).offer(5);
        const { thread: dying, words } = memory.switched(1);
        const cell = dying.consumer.take();
        words.target = new DyingWords(words.target, 1, when);
        expect(() => dying.consumer.done(cell)).toThrow(Died);
        expect(memory.view().repair(1).taken).toEqual(when === "before" ? [cell] : []);
      }
    });

    test("a thread that ends while it holds a ticket has it handed to the supervisor, once", () => {
      const memory = fresh(2);
      const [one, other] = [memory.thread(0), memory.thread(1)];
      one.offer(5);
      const cell = other.consumer.take();
      const supervisor = memory.view();
      expect(supervisor.repair(1).taken).toEqual([cell]);
      expect(supervisor.repair(1).taken).toEqual([]);
      expect(supervisor.republish(cell)).toBe(true);
      expect(one.drain()).toEqual([5]);
    });

    test("republish() answers full on a full queue and leaves the cell with the supervisor, who may discard it", () => {
      const memory = fresh(capacity + 1);
      const [one, other] = [memory.thread(0), memory.thread(1)];
      for (let ticket = 0; ticket < capacity; ticket++) one.offer(ticket);
      const cell = other.consumer.take();
      one.offer(50);
      const supervisor = memory.view();
      expect(supervisor.repair(1).taken).toEqual([cell]);
      expect(supervisor.republish(cell)).toBe(false);
      supervisor.discard(cell);
      expect(() => supervisor.discard(cell)).toThrow("repair() returned cell");
      expect(one.drain()).toHaveLength(capacity);
      for (let ticket = 0; ticket < capacity; ticket++) expect(one.offer(ticket)).toBe("offered"); // its cell came back
    });

    test("a successor has all cells of the dead producer, those still in the queue once they are done", () => {
      const memory = fresh(2);
      const [one, other] = [memory.thread(0), memory.thread(1)];
      one.offer(1);
      one.producer.reserve();
      memory.view().repair(0);
      const successor = memory.thread(0);
      expect([successor.offer(2), successor.offer(3)]).toEqual(["offered", "no cell"]);
      expect(other.drain()).toEqual([1, 2]);
      expect([successor.offer(3), successor.offer(4)]).toEqual(["offered", "offered"]);
    });
  });
}

/** After a repair, a successor of thread 0 has all its cells, and the queue its whole capacity. */
function expectWhole(memory: QueueUnderTest): void {
  const successor = memory.thread(0);
  const tickets = Array.from({ length: memory.layout.capacity }, (_, index) => 300 + index);
  for (const ticket of tickets) if (successor.offer(ticket) !== "offered") expect.fail(`a repaired queue takes ticket ${ticket}`);
  if (successor.drain().join() !== tickets.join()) expect.fail("a repaired queue gives back what it took");
}

/** As `expect(allowed).toContainEqual(history)`, some hundred thousand times. */
function expectOneOf(allowed: History[], history: History, where: object): void {
  const found = JSON.stringify(history);
  if (allowed.some((candidate) => JSON.stringify(candidate) === found)) return;
  expect.fail(
    `no queue has this history: ${found} ${JSON.stringify(where)}\nallowed: ${allowed.map((one) => JSON.stringify(one)).join("\n")}`,
  );
}

function assertBelow(value: number, limit: number): void {
  if (value >= limit) expect.fail("an operation ends within so many accesses");
}
