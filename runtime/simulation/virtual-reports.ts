import type { WorkflowMessage } from "../../actors/messages.js";
import type { Reports } from "../../actors/ports.js";
import type { Failure } from "../../actors/workflow/failure.js";
import type { ReadyTask, Run } from "../../actors/workflow/run.js";
import type { Scope } from "../../actors/workflow/scope.js";
import type { VirtualShared } from "./virtual-shared.js";

/** Takes what a guest reports to the run's home. There is always room. */
export class VirtualReports implements Reports {
  readonly #shared: VirtualShared;

  constructor(shared: VirtualShared) {
    this.#shared = shared;
  }

  reserve(): boolean {
    return true;
  }

  release(): void {}

  hasRoomFor(): boolean {
    return true;
  }

  runEnded(run: Run): void {
    this.#send(run, { kind: "guest-ended-run" });
  }

  taskFailed({ run, scope, instance, attempt }: ReadyTask, failure: Failure): void {
    this.#send(run, { kind: "guest-task-failed", scope, instance, attempt, failure });
  }

  returned(run: Run, scope: Scope, instance: number): void {
    this.#send(run, { kind: "guest-returned", scope, instance });
  }

  /** What comes behind the end of its run is dropped. */
  #send({ order, home }: Run, message: WorkflowMessage): void {
    const { mail, live } = this.#shared;
    mail.send(home, () => {
      const run = live.get(order)?.home;
      if (run?.isOver === false) run.actor.tell(message);
    });
  }
}
