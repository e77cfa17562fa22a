import type { ActorRef } from "../../actors/kernel/actor.js";
import type { TaskMessage } from "../../actors/messages.js";
import type { Executor } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { UntypedHandler } from "../authoring/task-context.js";
import { AttemptContext } from "./attempt-context.js";

/** Calls handlers on this thread. A synchronous one pays for no promise; the end of an asynchronous one comes back as a message. */
export class HandlerExecutor implements Executor {
  value: unknown = undefined;
  /** Hears of promises that settle. Set once, by the composition root. */
  taskActor!: ActorRef<TaskMessage>;

  start(task: ReadyTask, input: unknown): "returned" | "threw" | "pending" {
    const { workflow } = task.run;
    const handler = workflow.handlers[workflow.graph.handler[task.node] as number] as UntypedHandler; // listed by listHandlers
    try {
      const output = handler(input, new AttemptContext(task));
      this.value = output;
      if (!isThenable(output)) return "returned";
      this.#await(task, output);
      return "pending";
    } catch (error) {
      this.value = error;
      return "threw";
    }
  }

  /** A promise of the language settles once; of any other thenable it takes the first answer. */
  #await(task: ReadyTask, promise: PromiseLike<unknown>): void {
    Promise.resolve(promise).then(
      (value) => void this.taskActor.tell({ kind: "settled", task, isOk: true, value }),
      (value: unknown) => void this.taskActor.tell({ kind: "settled", task, isOk: false, value }),
    );
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Promise || typeof (value as { then?: unknown }).then === "function";
}
