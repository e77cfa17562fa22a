import { type ActorRef, type Actors, createActorSystem, type Terminated } from "dataflower/actors";
import { describe, expect, test } from "vitest";
import { until } from "../engine/fixtures/usage.fixture.js";
import { type Fixture, from, withSystem } from "./fixtures/system.fixture.js";

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const sum = { kind: "sum" } as const;
const restart = { supervision: "restart" } as const;

const spawnCounter = (system: Actors, worker: number, options = {}) =>
  system.spawnOn<Fixture["counter"]>(worker, from("counter"), { from: 10 }, options);

/** Has a worker's thread end, and waits until that has been noticed. */
async function end(counter: Awaited<ReturnType<typeof spawnCounter>>): Promise<void> {
  await expect(counter.ask((replyTo: ActorRef<number>) => ({ kind: "exit", replyTo }), { timeout: "10s" })).rejects.toEqual(
    code("DF_WORKER_LOST"),
  );
}

describe("when the thread of a worker ends", () => {
  test("its actors that are restarted begin again with their arguments, under the same refs and names", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const counter = await spawnCounter(system, 0, { ...restart, name: "counter" });
      const relay = await system.spawnOn<Fixture["relay"]>(1, from("relay"));
      counter.tell({ kind: "add", amount: 5 });
      expect(await counter.ask(sum)).toBe(15);
      await end(counter);
      counter.tell({ kind: "add", amount: 1 });
      expect(await counter.ask(sum)).toBe(11);
      expect(await relay.ask((replyTo: ActorRef<number>) => ({ kind: "ask", actor: counter, replyTo }))).toBe(11);
      expect(system.lookup("counter")).toBe(counter);
    });
  });

  test("its other actors have ended, their children too, and their names are free", async () => {
    await withSystem({ workers: 1 }, async (system) => {
      const counter = await spawnCounter(system, 0, { name: "counter" });
      const parent = await system.spawnOn<Fixture["parent"]>(0, from("parent"), undefined, restart);
      const child = await parent.ask({ kind: "child" });
      await end(counter);
      await expect(counter.ask(sum)).rejects.toEqual(code("DF_ACTOR_STOPPED"));
      expect(system.lookup("counter")).toBe(undefined);
      await expect(child.ask(sum)).rejects.toEqual(code("DF_WORKER_LOST"));
      expect(child.tell({ kind: "add", amount: 1 })).toBe(false);
      expect(await (await parent.ask({ kind: "child" })).ask(sum)).toBe(100);
      expect((await spawnCounter(system, 0, { name: "counter" })).name).toBe("counter");
    });
  });

  test("whoever watches is told, on this thread and on others, and whether it is restarted", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const [lost, restarted] = [await spawnCounter(system, 0), await spawnCounter(system, 0, restart)];
      const watcher = await system.spawnOn<Fixture["watcher"]>(1, from("watcher"));
      const ends: Terminated[] = [];
      for (const actor of [lost, restarted]) {
        watcher.tell({ kind: "watch", actor });
        system.watch(actor, (one) => void ends.push(one));
      }
      await watcher.ask({ kind: "ready" }); // it watches by now
      await end(lost);
      await until(() => ends.length === 2);
      const seen = [await watcher.ask({ kind: "next" }), await watcher.ask({ kind: "next" })];
      for (const both of [ends, seen]) {
        expect(both).toMatchObject([
          { reason: "lost", isRestarted: false, error: { code: "DF_WORKER_LOST" } },
          { reason: "lost", isRestarted: true, error: { code: "DF_WORKER_LOST" } },
        ]);
      }
    });
  });

  test("whoever awaits an answer or room is told, on this thread and on others", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const counter = await spawnCounter(system, 0, { ...restart, mailbox: { depthMax: 1 } });
      const relay = await system.spawnOn<Fixture["relay"]>(1, from("relay"));
      const never = counter.ask({ kind: "never" }, { timeout: "1h" }).catch((error: unknown) => error);
      const exit = counter.send({ kind: "exit" });
      const sends = Array.from({ length: 5 }, () => counter.send({ kind: "add", amount: 1 }).catch((error: unknown) => error));
      await exit.catch(() => {});
      expect(await never).toEqual(code("DF_WORKER_LOST"));
      for (const outcome of await Promise.all(sends)) expect([undefined, code("DF_WORKER_LOST")]).toContainEqual(outcome);
      const asked = relay.ask((replyTo: ActorRef<number>) => ({ kind: "ask", actor: counter, replyTo }));
      expect([10, 11, 12, 13, 14, 15, -1]).toContain(await asked);
    });
  });

  test("its own actors' asks and watches end elsewhere", async () => {
    await withSystem({ workers: 2 }, async (system) => {
      const watcher = await system.spawnOn<Fixture["watcher"]>(0, from("watcher"));
      const target = await spawnCounter(system, 1);
      watcher.tell({ kind: "watch", actor: target });
      await watcher.ask({ kind: "ready" });
      await end(await spawnCounter(system, 0));
      target.stop();
      await until(() =>
        target.ask(sum).then(
          () => false,
          () => true,
        ),
      );
      expect(await (await spawnCounter(system, 1)).ask(sum)).toBe(10);
    });
  });

  test("again and again, an actor is given up and the others stay", async () => {
    await withSystem({ workers: 1, limits: { restartsMax: 100 } }, async (system, failures) => {
      const supervision = { directive: "restart", restartsMax: 2 } as const;
      const fragile = await spawnCounter(system, 0, { supervision });
      const steady = await spawnCounter(system, 0, { supervision: { directive: "restart", restartsMax: 100 } });
      for (let ends = 0; ends < 3; ends++) await end(fragile);
      await expect(fragile.ask(sum)).rejects.toEqual(code("DF_ACTOR_STOPPED"));
      expect(await steady.ask(sum)).toBe(10);
      expect(failures).toEqual([{ actor: fragile.name, error: code("DF_ACTOR_RESTARTS") }]);
    });
  });

  test("too often, the system closes and says why", async () => {
    await withSystem({ workers: 1, limits: { restartsMax: 1 } }, async (system, failures) => {
      const counter = await spawnCounter(system, 0, restart);
      await end(counter);
      await end(counter);
      await until(() => failures.length > 0);
      expect(failures).toEqual([{ actor: "", error: code("DF_POOL_UNHEALTHY") }]);
      await expect(spawnCounter(system, 0)).rejects.toEqual(code("DF_POOL_UNHEALTHY"));
      expect(() => system.spawn({} as never)).toThrow(code("DF_POOL_UNHEALTHY"));
    });
  });
});

test("a thread that is being closed is no loss", async () => {
  const failures: unknown[] = [];
  const system = await createActorSystem({ workers: 2, onFailure: (error) => void failures.push(error) });
  await spawnCounter(system, 0, restart);
  await system.close();
  expect(failures).toEqual([]);
});
