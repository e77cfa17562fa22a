import { type ActorRef, createActorSystem, type DeadLetter, type Terminated } from "dataflower/actors";
import { describe, expect, test } from "vitest";
import { until } from "../engine/fixtures/usage.fixture.js";
import { type Fixture, from, withSystem } from "./fixtures/system.fixture.js";

// The compiled twin: definitions are known by the copy of the package that made them.
const { counter, list } = (await import(from("counter").module)) as Fixture;

const code = (wanted: unknown) => expect.objectContaining({ code: wanted });
const sum = { kind: "sum" } as const;

describe("actors on workers", () => {
  test("are told, asked and stopped by their refs", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const here = system.spawn(counter, { from: 1 });
      const refs = await Promise.all([0, 1].map((worker) => system.spawnOn<Fixture["counter"]>(worker, from("counter"), { from: 10 })));
      const threads = await Promise.all([here, ...refs].map((ref) => ref.ask({ kind: "thread" })));
      expect(new Set(threads).size).toBe(3);
      for (const ref of [here, ...refs]) {
        expect(ref.tell({ kind: "add", amount: 1 })).toBe(true);
        await ref.send({ kind: "add", amount: 1 });
      }
      expect(await Promise.all([here, ...refs].map((ref) => ref.ask(sum)))).toEqual([3, 12, 12]);
      for (const ref of [here, ...refs]) {
        ref.stop();
        await expect(ref.ask(sum)).rejects.toEqual(code("DF_ACTOR_STOPPED"));
        await expect(ref.send({ kind: "add", amount: 1 })).rejects.toEqual(code("DF_ACTOR_STOPPED"));
      }
    });
  });

  test("take turns where any worker will do", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const refs = await Promise.all([1, 2, 3, 4].map(() => system.spawnOn<Fixture["counter"]>("any", from("counter"), { from: 0 })));
      const threads = await Promise.all(refs.map((ref) => ref.ask({ kind: "thread" })));
      expect(new Set(threads).size).toBe(2);
      expect(threads[0]).toBe(threads[2]);
    });
  });

  test("reach each other by refs in messages and arguments", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const target = await system.spawnOn<Fixture["counter"]>(1, from("counter"), { from: 4 });
      const relay = await system.spawnOn<Fixture["relay"]>(0, from("relay"));
      expect(await relay.ask((replyTo: ActorRef<number>) => ({ kind: "ask", actor: target, replyTo }))).toBe(4);
      const here = system.spawn(counter, { from: 9 });
      expect(await relay.ask((replyTo: ActorRef<number>) => ({ kind: "ask", actor: here, replyTo }))).toBe(9);
      await system.spawnOn<Fixture["ticker"]>(0, from("ticker"), { to: target, ms: 1 });
      await until(async () => (await target.ask(sum)) > 6);
    });
  });

  test("have children, which are supervised and known to others", async () => {
    await withSystem({ workers: 1 }, async (system) => {
      const parent = await system.spawnOn<Fixture["parent"]>(0, from("parent"), undefined, { name: "parent" });
      const child = await parent.ask({ kind: "child" });
      expect(child.name).toBe("parent/child");
      child.tell({ kind: "add", amount: 5 });
      expect(await child.ask(sum)).toBe(105);
      await expect(child.ask({ kind: "throw" })).rejects.toEqual(code("DF_ACTOR_FAILED"));
      expect(await child.ask(sum)).toBe(100);
      parent.stop();
      await expect(child.ask(sum)).rejects.toEqual(code("DF_ACTOR_STOPPED"));
    });
  });

  test("are found by their names, from everywhere, until they stop", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const relay = await system.spawnOn<Fixture["relay"]>(0, from("relay"));
      const there = await system.spawnOn<Fixture["counter"]>(1, from("counter"), { from: 1 }, { name: "there" });
      const here = system.spawn(counter, { from: 2 }, { name: "here" });
      const lookup = (name: string) => relay.ask({ kind: "lookup", name });
      expect(system.lookup("there")).toBe(there);
      expect(await lookup("there")).toBe(there);
      expect(await lookup("here")).toBe(here);
      for (const name of ["here", "there"]) {
        expect(() => system.spawn(counter, { from: 0 }, { name })).toThrow(code("DF_ACTOR_NAME_TAKEN"));
        await expect(system.spawnOn<Fixture["counter"]>(0, from("counter"), { from: 0 }, { name })).rejects.toEqual(
          code("DF_ACTOR_NAME_TAKEN"),
        );
      }
      here.stop();
      there.stop();
      await until(async () => (await lookup("there")) === null && (await lookup("here")) === null);
      expect(system.lookup("there")).toBe(undefined);
      expect(system.spawn(counter, { from: 0 }, { name: "there" }).name).toBe("there");
    });
  });

  test("are watched across threads", async () => {
    await withSystem({ workers: 2 }, async (system, failures) => {
      const ends: Terminated[] = [];
      const watcher = await system.spawnOn<Fixture["watcher"]>(1, from("watcher"));
      const spawn = () => system.spawnOn<Fixture["counter"]>(0, from("counter"), { from: 0 });
      const [stopped, failed, ended, forgotten] = [await spawn(), await spawn(), await spawn(), await spawn()];
      for (const actor of [stopped, failed]) {
        watcher.tell({ kind: "watch", actor });
        system.watch(actor, (end) => void ends.push(end));
      }
      system.watch(forgotten, (end) => void ends.push(end))();
      ended.stop();
      await until(() =>
        ended.ask(sum, { timeout: "1s" }).then(
          () => false,
          () => true,
        ),
      );
      system.watch(ended, (end) => void ends.push(end));
      await until(() => ends.length === 1);
      stopped.stop();
      await expect(failed.ask({ kind: "throw" })).rejects.toEqual(code("DF_ACTOR_FAILED"));
      const seen = [await watcher.ask({ kind: "next" }), await watcher.ask({ kind: "next" })];
      expect(seen).toMatchObject([{ reason: "stopped" }, { reason: "failed", error: { name: "RangeError", message: "on purpose" } }]);
      await until(() => ends.length === 3);
      forgotten.stop();
      await until(() =>
        forgotten.ask(sum).then(
          () => false,
          () => true,
        ),
      );
      expect(ends.map(({ reason }) => reason)).toEqual(["stopped", "stopped", "failed"]);
      expect(failures).toMatchObject([{ error: { message: "on purpose" } }]);
    });
  });
});

describe("messages between threads", () => {
  test("keep their order between any pair, whatever their size, and none is lost", async () => {
    await withSystem({ workers: 2, limits: { ringBytes: 4096 } }, async (system) => {
      const to = await system.spawnOn<Fixture["list"]>(1, from("list"), undefined, { mailbox: { depthMax: 10 } });
      const count = 600;
      const senders = [
        await system.spawnOn<Fixture["sender"]>(0, from("sender"), undefined, { name: "a" }),
        await system.spawnOn<Fixture["sender"]>(1, from("sender"), undefined, { name: "b" }),
      ];
      const send = (ref: (typeof senders)[number], ballastBytes: number) =>
        ref.ask((replyTo: ActorRef<"sent">) => ({ to, count, ballastBytes, replyTo }), { timeout: "20s" });
      await Promise.all([send(senders[0]!, 5000), send(senders[1]!, 0)]);
      const got = await to.ask({ kind: "list" });
      for (const name of ["a", "b"]) {
        expect(got.filter(([by]) => by === name).map(([, number]) => number)).toEqual(Array.from({ length: count }, (_, number) => number));
      }
      expect(system.deadLetters.count).toBe(0);
    });
  });

  test("are refused where the ring has no room, and are dead letters then", async () => {
    await withSystem({ workers: 1, limits: { ringBytes: 4096 } }, async (system) => {
      const to = await system.spawnOn<Fixture["list"]>(0, from("list"));
      const answers = Array.from({ length: 500 }, (_, number) => to.tell({ from: "here", number }));
      const taken = answers.flatMap((isTaken, number) => (isTaken ? [number] : []));
      expect(taken.length).toBeLessThan(500);
      expect(system.deadLetters.count).toBe(500 - taken.length);
      await until(() =>
        to.ask({ kind: "list" }).then(
          () => true,
          () => false,
        ),
      );
      expect((await to.ask({ kind: "list" })).map(([, number]) => number)).toEqual(taken);
    });
  });

  test("become dead letters where their mailbox is full, and are told of on the stream", async () => {
    await withSystem({ workers: 1 }, async (system) => {
      const reader = system.deadLetters[Symbol.asyncIterator]();
      const slow = await system.spawnOn<Fixture["slow"]>(0, from("slow"), 50, { name: "slow", mailbox: { depthMax: 2 } });
      for (let n = 0; n < 10; n++) expect(slow.tell(String(n))).toBe(true);
      const { value } = await reader.next();
      expect(value).toMatchObject({ to: "slow", reason: "full", message: expect.stringMatching(/^\d$/) } satisfies Partial<
        Record<keyof DeadLetter, unknown>
      >);
      await reader.return();
      expect(await reader.next()).toEqual({ done: true, value: undefined });
    });
  });

  test("that are no data are refused by whoever sends them", async () => {
    await withSystem({ workers: 1 }, async (system) => {
      const ref = await system.spawnOn<Fixture["counter"]>(0, from("counter"), { from: 0 });
      const bad = { kind: "add", amount: Symbol("no") } as never;
      expect(() => ref.tell(bad)).toThrow(code("DF_UNSERIALIZABLE"));
      await expect(ref.send(bad)).rejects.toEqual(code("DF_UNSERIALIZABLE"));
      await expect(ref.ask(() => bad)).rejects.toEqual(code("DF_UNSERIALIZABLE"));
      await expect(system.spawnOn<Fixture["counter"]>(0, from("counter"), { from: () => 1 } as never)).rejects.toEqual(
        code("DF_UNSERIALIZABLE"),
      );
      expect(await ref.ask(sum)).toBe(0);
    });
  });
});

describe("asks", () => {
  test("end at their timeout, and when their signal aborts", async () => {
    await withSystem({ workers: 1 }, async (system) => {
      for (const ref of [system.spawn(counter, { from: 0 }), await system.spawnOn<Fixture["counter"]>(0, from("counter"), { from: 0 })]) {
        await expect(ref.ask({ kind: "never" }, { timeout: 10 })).rejects.toEqual(code("DF_ASK_TIMEOUT"));
        const abort = new AbortController();
        const asked = ref.ask({ kind: "never" }, { signal: abort.signal });
        abort.abort("enough");
        await expect(asked).rejects.toMatchObject({ code: "DF_CANCELLED", cause: "enough" });
        await expect(ref.ask(sum, { signal: abort.signal })).rejects.toEqual(code("DF_CANCELLED"));
        await expect(ref.ask(sum, { timeout: "soon" as never })).rejects.toEqual(code("DF_OPTION_INVALID"));
      }
    });
  });
});

describe("a system without workers", () => {
  test("has actors on the calling thread, and no others", async () => {
    await withSystem({}, async (system) => {
      const to = system.spawn(list);
      to.tell({ from: "here", number: 1 });
      expect(await to.ask({ kind: "list" })).toEqual([["here", 1]]);
      await expect(system.spawnOn<Fixture["counter"]>("any", from("counter"), { from: 0 })).rejects.toEqual(code("DF_OPTION_INVALID"));
    });
  });
});

describe("close()", () => {
  test("lets actors go on until all is quiet", async () => {
    const system = await createActorSystem({ workers: 2 });
    const to = await system.spawnOn<Fixture["counter"]>(1, from("counter"), { from: 0 });
    const slow = await system.spawnOn<Fixture["slow"]>(0, from("slow"), 20);
    const ends: Terminated[] = [];
    system.watch(to, (end) => void ends.push(end));
    for (let n = 0; n < 5; n++) slow.tell("");
    for (let n = 0; n < 1000; n++) to.tell({ kind: "add", amount: 1 });
    const asked = to.ask(sum);
    await system.close({ grace: "10s" });
    expect(await asked).toBe(1000);
    expect(system.deadLetters.count).toBe(0);
    expect(ends).toMatchObject([{ reason: "stopped" }]);
  });

  test("turns into dead letters what is not handled within the grace", async () => {
    const system = await createActorSystem({ workers: 1 });
    const slow = await system.spawnOn<Fixture["slow"]>(0, from("slow"), 40);
    for (let n = 0; n < 20; n++) slow.tell(String(n));
    const letters: DeadLetter[] = [];
    const reading = (async () => {
      for await (const letter of system.deadLetters) letters.push(letter);
    })();
    await system.close({ grace: 0 });
    await reading;
    expect(letters.length).toBeGreaterThan(5);
    expect(letters.every(({ reason }) => reason === "stopped")).toBe(true);
  });

  test("ends what is waited for, and everything afterwards", async () => {
    const system = await createActorSystem({ workers: 1 });
    const refs = [system.spawn(counter, { from: 0 }), await system.spawnOn<Fixture["counter"]>(0, from("counter"), { from: 0 })];
    const asked = refs.map((ref) => ref.ask({ kind: "never" }).catch((error: unknown) => error));
    await system.close({ grace: 0 });
    await system.close();
    // Whether the other one had been handled by then is chance.
    expect(await Promise.all(asked)).toEqual([code("DF_ACTOR_STOPPED"), code(expect.stringMatching(/^DF_(ACTOR_STOPPED|WORKER_LOST)$/))]);
    for (const ref of refs) {
      expect(ref.tell({ kind: "add", amount: 1 })).toBe(false);
      await expect(ref.ask(sum)).rejects.toEqual(code("DF_ACTOR_STOPPED"));
    }
    expect(() => system.spawn(counter, { from: 0 })).toThrow(code("DF_ACTORS_CLOSED"));
    await expect(system.spawnOn<Fixture["counter"]>(0, from("counter"), { from: 0 })).rejects.toEqual(code("DF_ACTORS_CLOSED"));
  });
});
