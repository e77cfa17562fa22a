import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import type * as Compile from "../authoring/compile.js";
import type { HandlerSource } from "../authoring/handler-source.js";
import { ControlCalls } from "../engine/control-calls.js";
import { built, builtUrl } from "../engine/fixtures/built.fixture.js";
import type * as Plain from "../engine/fixtures/plain.fixture.js";
import { linkThreads } from "../engine/thread-ports.js";
import { createRegions, planRegions } from "../memory/regions.js";
import { serveControl } from "./control-plane.js";
import { ticketWords } from "./ticket.js";
import { WorkerRuntime } from "./worker-runtime.js";
import type { WorkflowRegistration } from "./worker-start.js";

const { echo } = await built<typeof Plain>("plain");
const { compile }: typeof Compile = await import(builtUrl("runtime/authoring/compile"));
const { name, source, topology, whenTaskFails } = compile(echo);
const scheduler = { name: "fifo", module: undefined };
const registration: WorkflowRegistration = { id: 1, name, source, topology, whenTaskFails, scheduler };

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A worker on this thread that serves control calls, and the port to call it by. */
function servedWorker(): { port: MessagePort; stops: string[] } {
  const plan = planRegions({
    workers: 1,
    queueCapacity: 16,
    cellsPerProducer: 4,
    cellWords: ticketWords,
    ringBytes: 65_536,
    arenaBytes: 65_536,
    runSlots: 4,
  });
  const { ofOne, ofOther } = linkThreads(0, 1, plan.control, 0);
  const news = new MessageChannel();
  news.port1.postMessage(ofOne, [ofOne.bell, ofOne.blob]);
  const { port1, port2 } = new MessageChannel();
  const runtime = new WorkerRuntime({
    worker: 0,
    firstBatch: 1,
    plan,
    buffer: createRegions(plan),
    news: news.port2,
    workflows: [],
    learned: {},
    controlPort: port2,
    settings: {
      processes: { processesMax: 1, idleMs: 0, graceMs: 0, memoryBytesMax: 1, failedStartsMax: 1 },
      concurrency: 4,
      capacity: { cpus: 1000, memory: 1024 },
      outputBytesMax: 1000,
      spinUs: 0,
      runIdPrefix: "r-",
      isRecording: true,
      isEncodingAlways: false,
      isDurable: false,
      isStrict: false,
    },
  });
  ends.push(() => {
    runtime.close();
    for (const port of [port1, news.port1, ofOther.bell, ofOther.blob]) port.close();
  });
  const stops: string[] = [];
  serveControl(port2, runtime, {
    giveUp: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      stops.push("given up");
    },
    close: () => void stops.push("closed"),
  });
  return { port: port1, stops };
}

describe("the control plane of a worker", () => {
  test("serves its calls", async () => {
    const { port, stops } = servedWorker();
    const calls = new ControlCalls(0, port);
    await calls.register(registration);
    expect(await calls.latency("hop", undefined)).toEqual([{ values: [], counts: [] }]);
    await calls.stop(10_000);
    expect(stops[0]).toBe("given up"); // whoever has the answer ends the thread
    await new Promise((resolve) => setImmediate(resolve));
    expect(stops).toEqual(["given up", "closed"]);
  });

  test.each<[string, Partial<WorkflowRegistration>, object]>([
    [
      "a module that is not there",
      { source: { ...source, module: "file:///nowhere/w.js" } as HandlerSource },
      { code: "DF_MODULE_NOT_FOUND" },
    ],
    ["a workflow that the module does not export", { name: "another" }, { code: "DF_MODULE_NO_WORKFLOW" }],
    [
      "other handlers than it finds",
      { source: { ...source, handlerNames: ["another"] } as HandlerSource },
      { code: "DF_BUILDER_UNSTABLE" },
    ],
  ])("answers %s with its code", async (_, change, expected) => {
    const calls = new ControlCalls(0, servedWorker().port);
    await expect(calls.register({ ...registration, ...change })).rejects.toMatchObject({ name: "DataFlowerError", ...expected });
    await calls.register(registration);
  });

  test.each([
    ["write into prototypes", { type: "SET", path: ["__proto__", "polluted"], value: { type: "RAW", value: 1 } }],
    [
      "make a function from text",
      { type: "CONSTRUCT", path: ["register", "constructor"], argumentList: [{ type: "RAW", value: "globalThis.polluted = 1" }] },
    ],
    [
      "call a function from text",
      { type: "APPLY", path: ["register", "constructor"], argumentList: [{ type: "RAW", value: "globalThis.polluted = 1" }] },
    ],
    ["call what is not listed", { type: "APPLY", path: ["close"], argumentList: [] }],
    ["call what an object inherits", { type: "APPLY", path: ["hasOwnProperty"], argumentList: [] }],
    ["read", { type: "GET", path: ["latency"] }],
    ["call nothing", { type: "APPLY", path: [], argumentList: [] }],
    ["release it", { type: "RELEASE", path: [] }],
    ["call by a path that is no list", { type: "APPLY", path: "stop", argumentList: [] }],
  ])("does not let the other side %s", async (_, message) => {
    const { port, stops } = servedWorker();
    const answers: unknown[] = [];
    port.on("message", ({ id }: { id: unknown }) => answers.push(id));
    port.postMessage({ id: "attack", ...message });
    port.postMessage({ id: "call", type: "APPLY", path: ["latency"], argumentList: [{ type: "RAW", value: "hop" }] });
    while (!answers.includes("call")) await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual(["call"]);
    expect([({} as { polluted?: unknown }).polluted, (globalThis as { polluted?: unknown }).polluted, stops]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });
});
