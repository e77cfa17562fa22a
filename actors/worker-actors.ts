import { CheckpointActor } from "./journal/checkpoint-actor.js";
import type { Actor, ActorRef, Start } from "./kernel/actor.js";
import { escalateOnFailure } from "./kernel/supervision.js";
import type { ActorSystem } from "./kernel/system.js";
import type { CheckpointMessage, SchedulerMessage, TaskMessage, WorkflowMessage } from "./messages.js";
import type { Ports } from "./ports.js";
import type { ReadySet } from "./scheduling/ready-set.js";
import { SchedulerActor } from "./scheduling/scheduler-actor.js";
import { Advance } from "./workflow/advance.js";
import { GuestActor } from "./workflow/guest-actor.js";
import type { Run } from "./workflow/run.js";
import { TaskActor } from "./workflow/task-actor.js";
import { WorkflowActor, type WorkflowParts } from "./workflow/workflow-actor.js";

export interface WorkerActorsParts {
  readonly system: ActorSystem;
  readonly ports: Ports;
  readonly ready: ReadySet;
  /** Attempts that may wait for promises at a time. */
  readonly concurrency: number;
  /** Told of every message before its actor handles it. @defaultValue nobody is */
  readonly trace?: Trace | undefined;
  /** Called when a failed task has been handed over for its next attempt. @defaultValue nothing is */
  readonly afterRetry?: () => void;
}

/** @param actor name of the one that handles the message: of a workflow actor, the id of its run */
export type Trace = (actor: string, message: { readonly kind: string }) => void;

/** The actors of one worker. */
export interface WorkerActors {
  readonly scheduler: ActorRef<SchedulerMessage>;
  readonly taskActor: ActorRef<TaskMessage>;
  readonly checkpoint: ActorRef<CheckpointMessage>;
  readonly guest: ActorRef<WorkflowMessage>;
  /** Makes a run live here, at its home: spawns its workflow actor. */
  startRun(run: Run, input: unknown): void;
  /** The actors themselves, for what drives them has to know of them. */
  readonly behind: { readonly scheduler: SchedulerActor; readonly taskActor: TaskActor; readonly checkpoint: CheckpointActor };
}

/**
 * Spawns the actors of a worker: the same ones on a thread and in a simulation. A failure in one of them is our own mistake and is
 * escalated.
 */
export function spawnWorkerActors({ system, ports, ready, concurrency, trace, afterRetry }: WorkerActorsParts): WorkerActors {
  const advance = new Advance();
  const behind: Partial<{ scheduler: SchedulerActor; taskActor: TaskActor; checkpoint: CheckpointActor }> = {};
  const spawn = <Message extends { readonly kind: string }>(name: string, start: Start<Message>): ActorRef<Message> =>
    system.spawn<Message>(name, (self) => traced(name, start(self), trace), { supervise: escalateOnFailure });
  const startRun = (run: Run, input: unknown): void => {
    run.actor = spawn<WorkflowMessage>(run.runId, () => new WorkflowActor(parts, run));
    run.actor.tell({ kind: "start", input });
  };
  const toTaskActor: Pick<ActorRef<TaskMessage>, "tell"> = { tell: (message) => taskActor.tell(message) };
  const toCheckpoint: Pick<ActorRef<CheckpointMessage>, "tell"> = { tell: (message) => checkpoint.tell(message) };
  const scheduler: ActorRef<SchedulerMessage> = spawn<SchedulerMessage>("scheduler", () => {
    behind.scheduler = new SchedulerActor({ ports, ready, concurrency, taskActor: toTaskActor, startRun });
    return behind.scheduler;
  });
  const taskActor: ActorRef<TaskMessage> = spawn<TaskMessage>("task", (self) => {
    behind.taskActor = new TaskActor(ports, { scheduler, checkpoint: toCheckpoint, self });
    return behind.taskActor;
  });
  const checkpoint: ActorRef<CheckpointMessage> = spawn<CheckpointMessage>("checkpoint", () => {
    behind.checkpoint = new CheckpointActor(ports.results, ports.journal);
    return behind.checkpoint;
  });
  const guest = spawn<WorkflowMessage>("guest", (self) => new GuestActor(ports, advance, { scheduler, checkpoint, self }));
  const retrying = afterRetry === undefined ? taskActor : announcing(taskActor, afterRetry);
  const parts: WorkflowParts = { ports, advance, scheduler, taskActor: retrying, checkpoint };
  return { scheduler, taskActor, checkpoint, guest, startRun, behind: behind as WorkerActors["behind"] }; // spawning has made all of them
}

function announcing(taskActor: ActorRef<TaskMessage>, afterRetry: () => void): Pick<ActorRef<TaskMessage>, "tell"> {
  return {
    tell: (message) => {
      const isTold = taskActor.tell(message);
      if (message.kind === "retry") afterRetry();
      return isTold;
    },
  };
}

function traced<Message extends { readonly kind: string }>(name: string, actor: Actor<Message>, trace: Trace | undefined): Actor<Message> {
  if (trace === undefined) return actor;
  return {
    receive: (message) => {
      trace(name, message);
      actor.receive(message);
    },
    stopped: () => actor.stopped?.(),
  };
}
