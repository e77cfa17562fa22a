import { RestartWindow } from "../../actors/kernel/supervision.js";
import type { SpawnSettings } from "../../actors/local/spawn-settings.js";
import type { SpawnRequest } from "./actor-worker-start.js";

/** An actor that was spawned on a worker, as the control thread knows it. */
interface KeptActor {
  readonly worker: number;
  readonly request: SpawnRequest;
  readonly restarts: RestartWindow;
  /** undefined: it is being spawned for the first time. */
  isRestartedAfterLoss: boolean | undefined;
}

/** What becomes of the actors of a worker whose thread has ended. */
export interface AfterLoss {
  readonly restarted: readonly SpawnRequest[];
  /** Those that end, or have not begun. */
  readonly ended: readonly SpawnRequest[];
  /** Those of them that were started again too often. */
  readonly givenUp: readonly SpawnRequest[];
}

/** The actors on workers that the control thread has spawned: what it needs to start them again when their thread ends. */
export class KeptActors {
  readonly #actors = new Map<number, KeptActor>();
  #lastId = 0;

  /** A number that no actor of any worker has had. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(worker: number, request: SpawnRequest, { rules: { restartsMax, restartWindowMs } }: SpawnSettings): void {
    const restarts = new RestartWindow(restartsMax, restartWindowMs);
    this.#actors.set(request.id, { worker, request, restarts, isRestartedAfterLoss: undefined });
  }

  /** It lives. */
  begun(id: number, isRestartedAfterLoss: boolean): void {
    const kept = this.#actors.get(id);
    if (kept !== undefined) kept.isRestartedAfterLoss = isRestartedAfterLoss;
  }

  has(id: number): boolean {
    return this.#actors.has(id);
  }

  /** It has ended, or has not begun. */
  remove(id: number): SpawnRequest | undefined {
    const kept = this.#actors.get(id);
    this.#actors.delete(id);
    return kept?.request;
  }

  /** The thread of a worker has ended. Those that end are forgotten. */
  lost(worker: number, nowMs: number): AfterLoss {
    const restarted: SpawnRequest[] = [];
    const ended: SpawnRequest[] = [];
    const givenUp: SpawnRequest[] = [];
    for (const [id, kept] of [...this.#actors]) {
      if (kept.worker !== worker) continue;
      if (kept.isRestartedAfterLoss === true && kept.restarts.allows(nowMs)) restarted.push(kept.request);
      else {
        this.#actors.delete(id);
        ended.push(kept.request);
        if (kept.isRestartedAfterLoss === true) givenUp.push(kept.request);
      }
    }
    return { restarted, ended, givenUp };
  }
}
