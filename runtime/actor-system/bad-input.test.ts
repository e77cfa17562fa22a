import {
  type ActorSource,
  type ActorSystemOptions,
  type Actors,
  createActorSystem,
  createTestKit,
  defineActor,
  explore,
} from "dataflower/actors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtUrl } from "../engine/fixtures/built.fixture.js";
import { runProgram } from "../engine/fixtures/program.fixture.js";
import { type Fixture, fixtureUrl, from } from "./fixtures/system.fixture.js";

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const { counter } = (await import(from("counter").module)) as Fixture;

let system: Actors;
beforeAll(async () => {
  system = await createActorSystem({ workers: 1, onFailure: () => {} });
});
afterAll(() => system.close());

const spawn = (source: ActorSource, options = {}, args: unknown = { from: 0 }) =>
  system.spawnOn<Fixture["counter"]>(0, source, args as { from: number }, options);

test.each<[string, ActorSource, string]>([
  ["a module that throws", { module: builtUrl("runtime/actor-system/fixtures/throws.fixture"), export: "counter" }, "DF_MODULE_FAILED"],
  ["a module that is not there", { module: builtUrl("runtime/nowhere"), export: "counter" }, "DF_MODULE_NOT_FOUND"],
  ["a module without the export", { module: fixtureUrl, export: "nobody" }, "DF_MODULE_NO_ACTOR"],
  ["an export that is no actor", from("notAnActor"), "DF_MODULE_NO_ACTOR"],
  ["an actor that throws at its start", from("refusesToStart"), "DF_ACTOR_FAILED"],
  ["a source without a module", { export: "counter" } as ActorSource, "DF_OPTION_INVALID"],
  ["a source without an export", { module: fixtureUrl } as ActorSource, "DF_OPTION_INVALID"],
  ["a source with something else", { ...from("counter"), name: "n" } as ActorSource, "DF_OPTION_INVALID"],
])("cannot spawn from %s", async (_, source, wanted) => {
  await expect(spawn(source)).rejects.toEqual(code(wanted));
});

test.each([-1, 1, 0.5, "all" as never, undefined as never])("cannot spawn on worker %s of one", async (worker) => {
  await expect(system.spawnOn<Fixture["counter"]>(worker, from("counter"), { from: 0 })).rejects.toEqual(code("DF_OPTION_INVALID"));
});

test("cannot have a mailbox of size 0, here or on a worker", async () => {
  const options = { mailbox: { depthMax: 0 } };
  expect(() => system.spawn(counter, { from: 0 }, options)).toThrow(code("DF_OPTION_INVALID"));
  await expect(spawn(from("counter"), options)).rejects.toEqual(code("DF_OPTION_INVALID"));
});

test("cannot take a name twice, not even while the first one is being spawned; a spawn that fails gives it back", async () => {
  const both = await Promise.allSettled([spawn(from("counter"), { name: "twice" }), spawn(from("counter"), { name: "twice" })]);
  expect(both).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: code("DF_ACTOR_NAME_TAKEN") }]);
  await expect(spawn(from("refusesToStart"), { name: "again" })).rejects.toEqual(code("DF_ACTOR_FAILED"));
  expect((await spawn(from("counter"), { name: "again" })).name).toBe("again");
});

test("cannot spawn what defineActor() has not made", () => {
  expect(() => system.spawn({ begin: () => () => {} } as never)).toThrow(code("DF_OPTION_INVALID"));
  expect(() => defineActor(undefined as never)).toThrow(code("DF_OPTION_INVALID"));
});

test("cannot watch what is no ref", () => {
  expect(() => system.watch({ name: "x" } as never, () => {})).toThrow(code("DF_OPTION_INVALID"));
});

test("is told of a listener that throws", async () => {
  const failures: unknown[] = [];
  const own = await createActorSystem({ onFailure: (error) => void failures.push(error) });
  const ref = own.spawn(counter, { from: 0 });
  own.watch(ref, () => {
    throw new RangeError("the listener's own");
  });
  ref.stop();
  expect(failures).toMatchObject([{ message: "the listener's own" }]);
  await own.close();
});

test.each<[string, ActorSystemOptions]>([
  ["an unknown option", { wrokers: 1 } as ActorSystemOptions],
  ["half a worker", { workers: 0.5 }],
  ["too many workers", { workers: 65 }],
  ["a mailbox of size 0", { mailbox: { depthMax: 0 } }],
  ["an endless spin", { spinUs: 1e9 }],
  ["a listener that is none", { onFailure: 5 as never }],
  ["an unknown limit", { limits: { heap: 1 } as object }],
  ["a small heap", { limits: { heapMbMax: 1 } }],
  ["a ring that is no power of two", { limits: { ringBytes: 5000 } }],
  ["a small ring", { limits: { ringBytes: 1024 } }],
  ["restarts below none", { limits: { restartsMax: -1 } }],
])("cannot create a system with %s", async (_, options) => {
  await expect(createActorSystem(options)).rejects.toEqual(code("DF_OPTION_INVALID"));
});

test("cannot close with a grace that is none", () => {
  expect(() => system.close({ grace: "soon" as never })).toThrow(code("DF_OPTION_INVALID"));
});

test("cannot test or explore with wrong options", () => {
  expect(() => createTestKit({ mailbox: { depthMax: 0 } })).toThrow(code("DF_OPTION_INVALID"));
  expect(() => explore(() => () => {}, { messagesMax: 0 })).toThrow(code("DF_OPTION_INVALID"));
});

describe("in a program of its own", () => {
  const door = builtUrl("runtime/actor-system/index");
  const run = (program: string) => runProgram(["--input-type=module", "--eval", program]);

  test("a failure that nobody listens to is a line on stderr", async () => {
    const { status, stderr } = await run(`
      import { createActorSystem, defineActor } from ${JSON.stringify(door)};
      const system = await createActorSystem();
      system.spawn(defineActor(() => () => { throw new RangeError("unheard"); }), undefined, { name: "it" }).tell(1);
      await system.close();
    `);
    expect(status).toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({ level: "warn", actor: "it", message: "RangeError: unheard" });
  });

  test("workers cannot create systems of their own", async () => {
    const { stdout } = await run(`
      import { createActorSystem, defineActor } from ${JSON.stringify(door)};
      globalThis[Symbol.for("dataflower.worker")] = true;
      console.log(await createActorSystem().catch((error) => error.code));
    `);
    expect(stdout).toBe("DF_STARTED_IN_WORKER\n");
  });
});
