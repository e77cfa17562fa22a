import { beforeEach, describe, expect, test } from "vitest";
import type { ActorRef } from "../kernel/actor.js";
import { forever, newSystem } from "../kernel/function-actor.fixture.js";
import type { ActorSystem } from "../kernel/system.js";
import { noJournal, unwatched } from "../lone-ports.js";
import type { SchedulerMessage, TaskMessage, WorkflowMessage } from "../messages.js";
import type { Ports } from "../ports.js";
import { Advance } from "./advance.js";
import { graphOf, ref } from "./graph.fixture.js";
import { NODE_TASK } from "./graph.js";
import { GuestActor } from "./guest-actor.js";
import { localSpace } from "./local-space.js";
import { ReadyTask, type Run } from "./run.js";
import { liveRun } from "./scope.fixture.js";
import { TaskActor } from "./task-actor.js";

const graph = graphOf([
  {
    nodes: [
      { kind: NODE_TASK, name: "a" },
      { kind: NODE_TASK, name: "b", waits: [1], input: ref(1) },
    ],
  },
]);

/** What a home on another worker looks like from here. */
class Home {
  isRunLive = true;
  room = 1;
  entered = 0;
  reserved = 0;
  readonly told: string[] = [];

  readonly presence: Ports["presence"] = {
    isCurrent: () => true,
    enter: () => {
      if (this.isRunLive) this.entered += 1;
      return this.isRunLive;
    },
    leave: () => {
      this.entered -= 1;
    },
  };

  readonly reports: Ports["reports"] = {
    reserve: () => {
      if (this.room === 0) return false;
      this.room -= 1;
      this.reserved += 1;
      return true;
    },
    release: () => {
      this.room += 1;
      this.reserved -= 1;
    },
    hasRoomFor: () => this.room > 0,
    runEnded: () => this.tell("run ended"),
    taskFailed: (task, { kind, error }) => this.tell(`${task.path} ${kind}: ${error}`),
    returned: (_, __, instance) => this.tell(`returned ${instance}`),
  };

  tell(words: string): void {
    expect(this.entered).toBe(1); // nothing of the run may be named outside
    this.told.push(words);
  }
}

describe("a task of another worker's run", () => {
  let home: Home;
  let run: Run;
  let system: ActorSystem;
  let taskActor: ActorRef<TaskMessage>;
  let heard: SchedulerMessage[];
  let handler: () => unknown;
  let callCount: number;

  beforeEach(() => {
    home = new Home();
    run = liveRun(graph, { isGuest: true });
    system = newSystem();
    heard = [];
    handler = () => "done";
    callCount = 0;
    const executor: Ports["executor"] & { value: unknown } = {
      value: undefined,
      start: () => {
        callCount += 1;
        expect(home.entered).toBe(1);
        expect(home.reserved).toBe(1);
        try {
          executor.value = handler();
          return "returned";
        } catch (error) {
          executor.value = error;
          return "threw";
        }
      },
      abort() {},
      lastHeartbeat: () => undefined,
    };
    const ports = {
      watch: { boundary: 0, lap: () => 0 },
      executor,
      latency: { task() {} },
      inHand: unwatched,
      clock: system.clock,
      presence: home.presence,
      reports: home.reports,
      journal: noJournal,
      outputBytesMax: Number.POSITIVE_INFINITY,
    } as unknown as Ports; // the actors of a guest use no other port
    const nobody = { tell: () => true };
    const scheduler = system.spawn<SchedulerMessage>("scheduler", () => ({ receive: (message) => void heard.push(message) }));
    taskActor = system.spawn<TaskMessage>("task", (self) => new TaskActor(ports, { scheduler, checkpoint: nobody, self }));
    run.actor = system.spawn<WorkflowMessage>(
      "guest",
      (self) => new GuestActor(ports, new Advance(), { scheduler, checkpoint: nobody, self }),
    );
  });

  /** Runs the task at a place. @returns the paths of what became ready */
  function execute(place: number): string[] {
    heard.length = 0;
    const task = new ReadyTask(run, run.root, place, place, 0);
    taskActor.tell(task);
    system.run(forever);
    expect(heard.length).toBe(1);
    expect(heard[0]).toMatchObject({ kind: "task-done", task });
    expect(home.entered).toBe(0);
    expect(home.reserved).toBe(0);
    const ready: string[] = [];
    for (let next = (heard[0] as { ready?: ReadyTask }).ready; next !== undefined; next = next.next) ready.push(next.path);
    return ready;
  }

  test("makes its successors ready here, and tells the home of the run's last end alone", () => {
    expect(execute(1)).toEqual(["b"]);
    expect(home.told).toEqual([]);
    expect(execute(2)).toEqual([]);
    expect(home.told).toEqual(["run ended"]);
  });

  test("does not start when the run has ended", () => {
    home.isRunLive = false;
    expect(execute(1)).toEqual([]);
    expect(callCount).toBe(0);
    expect(home.told).toEqual([]);
  });

  test("goes back to the ready tasks when its answer would have no room", () => {
    home.room = 0;
    expect(execute(1)).toEqual(["a"]);
    expect(callCount).toBe(0);
    home.room = 1;
    expect(execute(1)).toEqual(["b"]);
    expect(callCount).toBe(1);
  });

  test("goes back to its home when its inputs can only be read there", () => {
    run.space = { ...localSpace, needsHome: () => true };
    expect(execute(1)).toEqual([]);
    expect(callCount).toBe(0);
    expect(home.told).toEqual(["returned 1"]);
  });

  test("that fails is reported, and makes nothing ready", () => {
    handler = () => {
      throw new RangeError("no");
    };
    expect(execute(1)).toEqual([]);
    expect(home.told).toEqual(["a threw: DataFlowerError: Cannot finish a as its handler must return: it threw RangeError: no"]);
  });

  test("whose output is no data is reported as such", () => {
    handler = () => ({ f() {} });
    expect(execute(1)).toEqual([]);
    expect(home.told.length).toBe(1);
    expect(home.told[0]).toMatch(/^a refused: DataFlowerError: .*f/);
  });
});
