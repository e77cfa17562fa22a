import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Charge, TaskFact } from "../../../actors/workflow/run-past.js";
import { CHARGED, DIED, FAILED, type JournalEvent, RETURNED, STARTED } from "../../codec/journal-event.js";
import { encodeTrusted } from "../../codec/value-codec.js";
import { TaskFacts } from "./task-facts.js";

const asIs = (ms: number): number => ms;
const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all);

const about = { run: 1, fence: 1, attempt: 0, at: 0, body: bytes() };
const chargeOf = (positions: readonly number[], attempts: number): Charge => ({
  ...{ positions, attempts, code: "DF_WORKER_LOST", message: `attempt ${attempts} ended so` },
});
const charged = (positions: readonly number[], attempt: number): JournalEvent => ({
  ...{ ...about, kind: CHARGED, positions, attempt, body: encodeTrusted(chargeOf(positions, attempt)) },
});
const started = (positions: readonly number[], attempt: number): JournalEvent => ({ ...about, kind: STARTED, positions, attempt });
const failed = (positions: readonly number[], attempt: number, at = Number.NaN): JournalEvent => ({
  ...{ ...about, kind: FAILED, positions, attempt, at, body: bytes(attempt) },
});
const returned = (positions: readonly number[], attempt: number): JournalEvent => ({
  ...{ ...about, kind: RETURNED, positions, attempt, body: bytes(100 + attempt) },
});
const died = (positions: readonly number[], attempt: number): JournalEvent => ({ ...about, kind: DIED, positions, attempt });

function factsOf(events: readonly JournalEvent[], deathsMax?: number): TaskFact[] {
  const facts = new TaskFacts(deathsMax);
  for (const event of events) facts.add(event);
  return facts.list(asIs);
}

/** In no order, as nothing depends on it. */
const sorted = (facts: readonly TaskFact[]): TaskFact[] =>
  [...facts].sort((left, right) => (left.positions.join() < right.positions.join() ? -1 : 1));

/** How an attempt of a task goes. */
type Course = "returns" | "fails" | "is charged" | "fails and is charged" | "dies with the process";

interface Life {
  readonly events: readonly JournalEvent[];
  readonly fact: TaskFact;
}

/** A task, told twice: as the events of its life, and as what is known at its end. */
function lifeOf(positions: readonly number[], courses: readonly Course[], isMarked: boolean): Life {
  const events: JournalEvent[] = [];
  const fact: { -readonly [Key in keyof TaskFact]: TaskFact[Key] } = {
    ...{ positions, attempts: 0, hasReturned: false, dueAt: 0, started: 0, deaths: 0, isParked: false },
    ...{ output: undefined, failure: undefined, charge: undefined },
  };
  for (const course of courses) {
    if (fact.hasReturned) break;
    const attempt = fact.attempts + 1;
    if (isMarked || course === "dies with the process") {
      events.push(started(positions, attempt));
      fact.started = attempt;
    }
    if (course === "returns") {
      events.push(returned(positions, attempt));
      Object.assign(fact, { hasReturned: true, output: bytes(100 + attempt) });
    }
    if (course === "fails" || course === "fails and is charged") {
      events.push(failed(positions, attempt, attempt * 10));
      Object.assign(fact, { attempts: attempt, failure: bytes(attempt), dueAt: attempt * 10, charge: undefined });
    }
    if (course === "is charged" || course === "fails and is charged") {
      events.push(charged(positions, attempt));
      Object.assign(fact, { attempts: attempt, failure: undefined, dueAt: 0, charge: chargeOf(positions, attempt) });
    }
    if (course === "dies with the process") {
      fact.deaths += 1;
      events.push(died(positions, fact.deaths));
    }
  }
  return { events, fact };
}

const courses = fc.constantFrom<Course>("returns", "fails", "fails", "is charged", "fails and is charged", "dies with the process");
const lives = fc
  .uniqueArray(fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4, selector: (one) => one.join() })
  .chain((tasks) =>
    fc.tuple(
      ...tasks.map((positions) =>
        fc
          .tuple(fc.array(courses, { minLength: 1, maxLength: 5 }), fc.boolean())
          .map(([all, isMarked]) => lifeOf(positions, all, isMarked)),
      ),
    ),
  );

describe("TaskFacts", () => {
  test("know of each task what its events make of it", () => {
    fc.assert(
      fc.property(lives, (all) => {
        const known = factsOf(all.flatMap(({ events }) => events));
        expect(sorted(known)).toEqual(sorted(all.map(({ fact }) => fact)));
      }),
    );
  });

  test("know the same whatever the order of the events, and however often each of them comes", () => {
    const shuffled = lives.chain((all) => {
      const events = all.flatMap((life) => life.events);
      return fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length }));
    });
    fc.assert(
      fc.property(shuffled, ([events, others]) => {
        const missing = events.filter((event) => !others.includes(event)); // each at least once
        expect(sorted(factsOf([...others, ...missing]))).toEqual(sorted(factsOf(events)));
      }),
      { numRuns: 500 },
    );
  });

  test("know the same after they were handed on, and the rest of the events came then", () => {
    fc.assert(
      fc.property(lives, fc.nat(), (all, cut) => {
        const events = all.flatMap((life) => life.events);
        const at = cut % (events.length + 1);
        const later = new TaskFacts();
        for (const fact of factsOf(events.slice(0, at))) later.know(fact);
        for (const event of events.slice(at)) later.add(event);
        expect(sorted(later.list(asIs))).toEqual(sorted(factsOf(events)));
      }),
    );
  });

  test("keep nothing of the bytes that they were given", () => {
    const body = bytes(1);
    const facts = new TaskFacts();
    facts.add({ ...about, kind: RETURNED, positions: [0], attempt: 1, body });
    facts.add({ ...about, kind: FAILED, positions: [1], attempt: 1, body });
    body[0] = 9;
    expect(facts.list(asIs)).toMatchObject([{ output: bytes(1) }, { failure: bytes(1) }]);
  });

  test("a failure after an attempt that ended with its thread is the newest: whether it may be repeated is asked of it", () => {
    expect(factsOf([charged([0], 1), failed([0], 2)])).toMatchObject([{ attempts: 2, failure: bytes(2), charge: undefined }]);
  });

  test("give times on the clock that is asked for, and none where there is none", () => {
    const facts = new TaskFacts();
    facts.add(failed([0], 1, 500));
    facts.add(failed([1], 1));
    expect(facts.list((wall) => wall - 100)).toMatchObject([{ dueAt: 400 }, { dueAt: 0 }]);
  });
});

describe("the death of a process", () => {
  test("is counted for the tasks that were noted as started and had not ended, and for no others", () => {
    const facts = new TaskFacts();
    for (const event of [
      started([0], 1),
      started([1], 1),
      returned([1], 1),
      started([2], 1),
      failed([2], 1),
      started([3], 2),
      charged([3], 1),
    ])
      facts.add(event);
    facts.add(failed([4], 1));
    expect(facts.areSuspect).toBe(false);
    expect(facts.died().map(({ positions, deaths }) => [positions, deaths])).toEqual([
      [[0], 1],
      [[3], 1],
    ]);
    expect(facts.areSuspect).toBe(true);
  });

  test("gives a task up that has seen as many as there may be, also when its facts are read again", () => {
    for (let deathsMax = 1; deathsMax <= 4; deathsMax++) {
      const events = [started([0], 1), started([1], 1), failed([1], 1)];
      for (let deaths = 1; deaths <= deathsMax; deaths++) {
        const facts = new TaskFacts(deathsMax);
        for (const event of events) facts.add(event);
        for (const suspect of facts.died()) events.push(died(suspect.positions, suspect.deaths));
        const isParked = deaths >= deathsMax;
        expect(facts.list(asIs)).toMatchObject([
          { deaths, isParked },
          { deaths: 0, isParked: false },
        ]);
        expect(factsOf(events, deathsMax)).toEqual(facts.list(asIs));
      }
    }
  });

  test("is not forgotten by who takes the facts over without a limit of its own", () => {
    const facts = new TaskFacts(1);
    facts.add(died([0], 1));
    const later = new TaskFacts();
    for (const fact of facts.list(asIs)) later.know(fact);
    expect(later.list(asIs)).toMatchObject([{ deaths: 1, isParked: true }]);
  });
});
