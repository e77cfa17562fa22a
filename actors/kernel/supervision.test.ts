import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor, ActorRef } from "./actor.js";
import { ManualClock } from "./clock.js";
import { restartsMax, restartWindowMs } from "./limits.js";
import { escalateOnFailure, RestartWindow, type Supervise, stopOnFailure } from "./supervision.js";
import { ActorSystem } from "./system.js";

describe("RestartWindow", () => {
  test("allows a restart exactly when fewer than the maximum were allowed in the window before it", () => {
    const gap = fc.oneof(
      fc.nat(restartWindowMs / restartsMax + 100),
      fc.constantFrom(0, restartWindowMs - 1, restartWindowMs, 3 * restartWindowMs),
    );
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 60 }), (gaps) => {
        const window = new RestartWindow();
        const allowedAt: number[] = [];
        let now = 0;
        for (const ms of gaps) {
          now += ms;
          const expected = allowedAt.filter((at) => now - at < restartWindowMs).length < restartsMax;
          expect(window.allows(now)).toBe(expected);
          if (expected) allowedAt.push(now);
        }
      }),
    );
  });
});

const forever = Number.MAX_SAFE_INTEGER;

/** Adds numbers; a negative one makes it throw, zero asks for the sum. */
class Sum implements Actor<number> {
  readonly #tell: (sum: number) => void;
  #sum = 0;

  constructor(tell: (sum: number) => void) {
    this.#tell = tell;
  }

  receive(message: number): void {
    if (message < 0) throw new RangeError(`found ${message}`);
    if (message === 0) this.#tell(this.#sum);
    this.#sum += message;
  }
}

describe("supervision", () => {
  let clock: ManualClock;
  let system: ActorSystem;
  let failures: string[];
  let sums: number[];

  beforeEach(() => {
    clock = new ManualClock();
    failures = [];
    sums = [];
    system = new ActorSystem({ clock, onFailure: (error, actor) => failures.push(`${actor}: ${error}`) });
  });

  function spawnSum(supervise?: Supervise): ActorRef<number> {
    return system.spawn("sum", () => new Sum((sum) => sums.push(sum)), supervise === undefined ? {} : { supervise });
  }

  function tellAll(actor: ActorRef<number>, ...messages: number[]): void {
    for (const message of messages) actor.tell(message);
    system.run(forever);
  }

  test("resume keeps the state and loses the message alone", () => {
    tellAll(
      spawnSum(() => "resume"),
      ...[1, 2, -1, 4, 0],
    );
    expect(sums).toEqual([7]);
    expect(system.deadLetters.count).toBe(0);
  });

  test("restart gives a new state and keeps the mailbox", () => {
    tellAll(
      spawnSum(() => "restart"),
      ...[1, 2, -1, 4, 0],
    );
    expect(sums).toEqual([4]);
    expect(system.deadLetters.count).toBe(0);
  });

  test.each([["stopOnFailure", stopOnFailure] as const, ["no word of it", undefined] as const])(
    "with %s it stops; what waits is dead",
    (_, supervise) => {
      const actor = spawnSum(supervise);
      tellAll(actor, 1, -1, 4, 0);
      expect(sums).toEqual([]);
      expect(system.deadLetters.kept).toEqual([4, 0].map((message) => ({ to: "sum", message, reason: "stopped" })));
      expect(failures).toEqual([]);
    },
  );

  test("escalated past the last parent, it is a failure of the system", () => {
    const actor = spawnSum(escalateOnFailure);
    tellAll(actor, -1, 5);
    expect(failures).toEqual(["sum: RangeError: found -1"]);
    expect(actor.tell(1)).toBe(false);
  });

  test("without a listener, that failure is thrown out of run", () => {
    system = new ActorSystem({ clock });
    const actor = spawnSum(escalateOnFailure);
    actor.tell(-1);
    expect(() => system.run(forever)).toThrow(RangeError);
    expect(actor.tell(1)).toBe(false);
  });

  test("the supervisor decides by the error", () => {
    const supervise: Supervise = (error) => (error instanceof RangeError && error.message === "found -1" ? "resume" : "stop");
    tellAll(spawnSum(supervise), 1, -1, 0, -2, 0);
    expect(sums).toEqual([1]);
  });

  test.each([
    ["resume", "parent still there, sibling alive"],
    ["restart", "parent made anew, sibling stopped"],
    ["stop", "parent stopped, sibling stopped"],
  ] as const)("escalated to a parent that says %s: the child stops, %s", (directive, _) => {
    let parents = 0;
    const makeParent = () => {
      parents += 1;
      return { receive() {} };
    };
    const parent = system.spawn<number>("parent", makeParent, { supervise: () => directive });
    const sibling = system.spawn<number>("sibling", () => ({ receive() {} }), { parent });
    const child = system.spawn("child", () => new Sum(() => {}), { parent, supervise: escalateOnFailure });
    tellAll(child, -1);
    expect(child.tell(1)).toBe(false);
    expect(parent.tell(1)).toBe(directive !== "stop");
    expect(sibling.tell(1)).toBe(directive === "resume");
    expect(parents).toBe(directive === "restart" ? 2 : 1);
    expect(failures).toEqual([]);
  });

  test("escalation climbs as far as it is passed on", () => {
    const options = (parent?: ActorRef<never>) => ({ supervise: escalateOnFailure, ...(parent === undefined ? {} : { parent }) });
    const top = system.spawn<number>("top", () => ({ receive() {} }), options());
    const middle = system.spawn<number>("middle", () => ({ receive() {} }), options(top));
    const child = system.spawn("child", () => new Sum(() => {}), options(middle));
    tellAll(child, -1);
    expect(failures).toEqual(["top: RangeError: found -1"]);
    expect([top, middle, child].map((actor) => actor.tell(1))).toEqual([false, false, false]);
  });

  test("a restart stops the children, which the new actor spawns again", () => {
    const children: ActorRef<number>[] = [];
    const start = (self: ActorRef<number>) => {
      children.push(system.spawn("child", () => new Sum(() => {}), { parent: self }));
      return new Sum(() => {});
    };
    tellAll(system.spawn("parent", start, { supervise: () => "restart" }), -1);
    expect(children.map((child) => child.tell(1))).toEqual([false, true]);
  });

  test("one restart too many within the window is escalated", () => {
    const actor = spawnSum(() => "restart");
    const fail = () => tellAll(actor, -1);
    for (let count = 0; count < restartsMax; count++) fail();
    expect(failures).toEqual([]);
    clock.advance(restartWindowMs - 1);
    fail();
    expect(failures).toEqual(["sum: RangeError: found -1"]);
    expect(actor.tell(1)).toBe(false);
  });

  test("restarts that lie far enough apart go on for ever", () => {
    const actor = spawnSum(() => "restart");
    for (let count = 0; count < 10 * restartsMax; count++) {
      tellAll(actor, -1);
      clock.advance(restartWindowMs / restartsMax);
    }
    expect(failures).toEqual([]);
    tellAll(actor, 3, 0);
    expect(sums).toEqual([3]);
  });

  test("an actor that cannot start again is tried as often as the window allows, then given up", () => {
    let starts = 0;
    const start = (): Actor<number> => {
      starts += 1;
      if (starts > 1) throw new Error(`start ${starts}`);
      return new Sum(() => {});
    };
    const actor = system.spawn("sum", start, { supervise: () => "restart" });
    tellAll(actor, -1, 1);
    expect(starts).toBe(1 + restartsMax);
    expect(failures).toEqual([`sum: Error: start ${1 + restartsMax}`]);
    expect(system.deadLetters.kept.map(({ message }) => message)).toEqual([1]);
  });

  test("an actor that stops itself and then throws is not started again", () => {
    let starts = 0;
    const start = (self: ActorRef<number>): Actor<number> => {
      starts += 1;
      return {
        receive() {
          self.stop();
          throw new Error("after its end");
        },
      };
    };
    tellAll(system.spawn("a", start, { supervise: () => "restart" }), 1);
    expect(starts).toBe(1);
  });
});
