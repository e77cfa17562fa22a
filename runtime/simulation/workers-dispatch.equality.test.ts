/**
 * One run in the simulator, on one machine, and in a real engine, with one worker on the calling thread and a clock that is turned by
 * hand: the actors handle the same messages in the same order. Codec, ready queue, rings and event loop of the engine are the real ones.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { WorkflowMessage } from "../../actors/messages.js";
import type { Trace } from "../../actors/worker-actors.js";
import type { ResolvedTaskOptions } from "../../actors/workflow/graph.js";
import { ReadyTask } from "../../actors/workflow/run.js";
import { WorkflowActor } from "../../actors/workflow/workflow-actor.js";
import { compiledWorkflow } from "../authoring/workflow.js";
import { RunningEngine } from "../engine/engine.js";
import { resolveEngineOptions } from "../engine/options.js";
import { after } from "../observe/system-clock.js";
import { hasSharedData, warnWithoutSharedData } from "../shared-data.fixture.js";
import { simulate } from "./simulate.js";
import { type RecordedTask, recordedTasks, recordedWorkflow, simulatedRecording } from "./trace.fixture.js";
import { VirtualClock } from "./virtual-clock.js";

warnWithoutSharedData("rnaseq in the simulator and in an engine");

/** The clock of the real engine. */
const turned = vi.hoisted(() => ({ clock: undefined as unknown as VirtualClock })); // made before each test

vi.mock(import("../observe/system-clock.js"), async (original) => ({
  ...(await original()),
  nowMs: () => turned.clock.nowMs(),
  after: (ms: number, run: () => void) => turned.clock.after(ms, run),
}));

beforeEach(() => {
  turned.clock = new VirtualClock();
});

/** Turns of the event loop in which everything that is under way on this thread arrives: rings, promises, turns of the worker. */
const turnsOfRest = 8;

interface Recording {
  readonly tasks: readonly RecordedTask[];
  readonly defaults?: Partial<ResolvedTaskOptions>;
}

/** Everything that the actors have handled from the start of the run until its end has been recorded, one message a line. */
class Messages {
  readonly lines: string[] = [];
  #isOpen = false;

  readonly trace: Trace = (actor, message) => {
    if (message.kind === "start") this.#isOpen = true;
    if (this.#isOpen) this.lines.push([actor, "<", message.kind, ...tasksOf(message), ...endOf(message)].join(" "));
    if (message.kind === "run-ended") this.#isOpen = false;
  };
}

/** The tasks that a message names, with their attempts: the one that it is about, and those that have become ready. */
function tasksOf(message: object): string[] {
  const named: ReadyTask[] = [];
  if (message instanceof ReadyTask) named.push(message);
  if ("task" in message && message.task instanceof ReadyTask) named.push(message.task);
  if ("ready" in message) {
    for (let task = message.ready as ReadyTask | undefined; task !== undefined; task = task.next) named.push(task);
  }
  return named.map(({ path, attempt }) => `${path}#${attempt}`);
}

/** How what the message is about has ended. */
function endOf(message: object): unknown[] {
  if ("outcome" in message) return [message.outcome];
  return "isOk" in message ? [message.isOk] : [];
}

function simulated({ tasks, defaults = {} }: Recording): string[] {
  const messages = new Messages();
  const workflow = simulatedRecording({ name: "recording", tasks, defaults });
  const runs = [{ workflow, submitMs: 0, priority: 0, deadlineMs: undefined }];
  try {
    simulate({ runs, machines: 1, dispatch: "workers", trace: messages.trace });
  } catch {
    // a mutant may leave a run that never ends
  }
  return messages.lines;
}

/** A body that waits on the clock. */
const timer = ({ ms }: { readonly ms: number }): Promise<void> => new Promise((resolve) => void after(ms, resolve));

async function real({ tasks, defaults = {} }: Recording): Promise<string[]> {
  const messages = new Messages();
  const workflow = compiledWorkflow(recordedWorkflow({ name: "recording", tasks, defaults, body: timer as never }));
  const engine = await RunningEngine.start(
    resolveEngineOptions({ workflows: [workflow], workers: 0, concurrency: 1, store: "memory:" }),
    [],
    messages.trace,
  );
  const run = await engine.submit(workflow, undefined, { runId: "run-0" });
  do await rest();
  while ((await run.status()) === "accepted" && turned.clock.step());
  const closed = engine.close({ grace: 0 });
  while (await Promise.race([rest().then(() => true), closed.then(() => false)])) turned.clock.step();
  return messages.lines;
}

async function rest(): Promise<void> {
  for (let turn = 0; turn < turnsOfRest; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
}

/** Every task of a few layers waits for some of the layer above; some take no time. */
const layered: Recording = {
  tasks: Array.from({ length: 40 }, (_, position) => ({
    ms: (position * 7) % 5 === 0 ? 0 : ((position * 37) % 11) + 0.25,
    parents: position < 8 ? [] : [position - 8, position - 5 - (position % 3)],
  })),
};

/** The longest tasks are out of time in every attempt. */
const forgiving: Partial<ResolvedTaskOptions> = { timeoutMs: 4, attempts: 3, delayMs: 2, delayMsMax: 2, onFailure: "skip-dependents" };

/** By name: a recording, and what of it is seen. */
const recordings: [name: string, recording: () => Recording, seen: RegExp][] = [
  ["of layers", () => layered, /settled task-39#1 true/],
  ["of layers, failed by a time-out", () => ({ ...layered, defaults: { timeoutMs: 4 } }), /task-ended \S+ timed-out/],
  ["of layers, with repetitions and what is skipped", () => ({ ...layered, defaults: forgiving }), /run-task task-\d+#3/],
];

describe("a run in the simulator and in an engine", () => {
  test.each(recordings)("%s: message for message", async (_, recording, seen) => {
    const lines = await real(recording());
    expect(lines.join("\n")).toMatch(seen);
    expect(lines.at(-1)).toMatch(/^checkpoint < run-ended/);
    expect(simulated(recording())).toEqual(lines);
  });

  test.skipIf(!hasSharedData)("of rnaseq, 197 tasks: message for message", async () => {
    const tasks = recordedTasks("rnaseq-dirt02-001.json");
    const lines = await real({ tasks });
    expect(lines.filter((line) => line.startsWith("task < settled"))).toHaveLength(197);
    expect(lines.at(-1)).toBe("checkpoint < run-ended true");
    expect(simulated({ tasks })).toEqual(lines);
  });
});

type Receive = (this: WorkflowActor, message: WorkflowMessage) => void;

/** Workflow actors with a mistake in what they make of the tenth task that ends. */
const mutants: Record<string, (receive: Receive) => Receive> = {
  "forgets that a task has ended": (receive) =>
    atTenth(receive, () => {
      // nothing follows from it
    }),
  "releases successors twice": (receive) =>
    atTenth(receive, (actor, message) => {
      receive.call(actor, message);
      receive.call(actor, message);
    }),
};

function atTenth(receive: Receive, instead: (actor: WorkflowActor, message: WorkflowMessage) => void): Receive {
  let ends = 0;
  return function (message) {
    if (message.kind === "task-ended" && ++ends === 10) instead(this, message);
    else receive.call(this, message);
  };
}

describe("a workflow actor that", () => {
  afterEach(() => void vi.restoreAllMocks());

  test.each(Object.entries(mutants))("%s is found out in the simulator and in an engine", async (_, mutate) => {
    const right = simulated(layered);
    const receive = WorkflowActor.prototype.receive;
    vi.spyOn(WorkflowActor.prototype, "receive").mockImplementation(mutate(receive));
    const inSimulator = simulated(layered);
    vi.spyOn(WorkflowActor.prototype, "receive").mockImplementation(mutate(receive));
    const inEngine = await real(layered);
    expect(inSimulator.length).toBeGreaterThan(20);
    expect(inSimulator).not.toEqual(right);
    expect(inEngine.length).toBeGreaterThan(20);
    expect(inEngine).not.toEqual(right);
  });
});
