import { describe, expect, test } from "vitest";
import type { Actor, ActorRef } from "./actor.js";
import { forever, handler, newSystem } from "./function-actor.fixture.js";

describe("ActorSystem: stop", () => {
  test("what waits becomes dead letters, oldest first, and what is told later too", () => {
    const system = newSystem();
    let stopped = 0;
    const actor = system.spawn<unknown>(
      "a",
      handler(
        () => {},
        () => stopped++,
      ),
    );
    for (const message of [1, undefined, 3]) actor.tell(message);
    actor.stop();
    actor.stop();
    expect(actor.tell(4)).toBe(false);
    expect(system.deadLetters.kept).toEqual([1, undefined, 3, 4].map((message) => ({ to: "a", message, reason: "stopped" })));
    expect(stopped).toBe(1);
    expect(system.run(forever)).toBe(0);
    expect(system.isIdle).toBe(true);
  });

  test("an actor that stops itself ends the message it handles, and no other", () => {
    const system = newSystem();
    const log: string[] = [];
    const actor: ActorRef<string> = system.spawn<string>(
      "a",
      handler((message) => {
        actor.stop();
        log.push(message);
      }),
    );
    actor.tell("last");
    actor.tell("too late");
    system.run(forever);
    expect(log).toEqual(["last"]);
    expect(system.deadLetters.kept.map(({ message }) => message)).toEqual(["too late"]);
  });

  test("children stop first, at any depth", () => {
    const system = newSystem();
    const log: string[] = [];
    const spawn = (name: string, parent?: ActorRef<never>) =>
      system.spawn<number>(
        name,
        handler(
          () => {},
          () => log.push(name),
        ),
        parent === undefined ? {} : { parent },
      );
    const top = spawn("top");
    const middle = spawn("middle", top);
    const leaves = [spawn("leaf 1", middle), spawn("leaf 2", middle)];
    leaves[0]?.stop();
    expect(log).toEqual(["leaf 1"]);
    top.stop();
    expect(log).toEqual(["leaf 1", "leaf 2", "middle", "top"]);
    expect([top, middle, ...leaves].map((actor) => actor.tell(1))).toEqual([false, false, false, false]);
  });

  test("each actor stops once, even when a child's end stops the parent again", () => {
    const system = newSystem();
    const log: string[] = [];
    const parent = system.spawn<number>(
      "parent",
      handler(
        () => {},
        () => log.push("parent"),
      ),
    );
    for (const name of ["a", "b"]) {
      const stopped = () => {
        log.push(name);
        parent.stop();
      };
      system.spawn<number>(
        name,
        handler(() => {}, stopped),
        { parent },
      );
    }
    parent.stop();
    expect(log).toEqual(["a", "b", "parent"]);
  });

  test("a child of a stopped parent is stopped at once", () => {
    const system = newSystem();
    const parent = system.spawn<number>(
      "parent",
      handler(() => {}),
    );
    parent.stop();
    const child = system.spawn<number>(
      "child",
      handler(() => {}),
      { parent },
    );
    expect(child.tell(1)).toBe(false);
  });

  test("an actor may stop itself while it starts", () => {
    const system = newSystem();
    const actor = system.spawn<number>("a", (self) => {
      self.stop();
      return { receive() {} };
    });
    expect(actor.tell(1)).toBe(false);
  });

  test("an actor that cannot start leaves nothing behind", () => {
    const system = newSystem();
    const parent = system.spawn<number>(
      "parent",
      handler(() => {}),
    );
    let child: ActorRef<number> | undefined;
    const start = (self: ActorRef<number>): Actor<number> => {
      child = system.spawn(
        "child",
        handler<number>(() => {}),
        { parent: self },
      );
      throw new Error("cannot start");
    };
    expect(() => system.spawn("a", start, { parent })).toThrow("cannot start");
    expect(child?.tell(1)).toBe(false);
    parent.stop();
    expect(system.run(forever)).toBe(0);
  });
});
