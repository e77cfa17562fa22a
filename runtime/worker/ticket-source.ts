import type { ActorRef } from "../../actors/kernel/actor.js";
import { assert } from "../../actors/kernel/assert.js";
import type { WorkflowMessage } from "../../actors/messages.js";
import type { Tickets } from "../../actors/ports.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { ReadyTask, Run } from "../../actors/workflow/run.js";
import { type FactCodec, RunPast, type TaskFact } from "../../actors/workflow/run-past.js";
import { decodeValue } from "../codec/value-codec.js";
import { failpoint } from "../faults/failpoint.js";
import type { ReadyQueue, ReadyQueueConsumer } from "../memory/ready-queue.js";
import type { RunTable } from "../memory/run-table.js";
import type { WorkerLatencies } from "../observe/worker-latencies.js";
import { decodeFailure } from "./failure-codec.js";
import { handleOf, NOTHING } from "./handle.js";
import type { Payloads } from "./payloads.js";
import type { RunRegistry } from "./run-registry.js";
import { SharedSpace, type SharedSpaceParts } from "./shared-space.js";
import type { LapStopwatch } from "./stopwatch.js";
import { TicketReader } from "./ticket.js";

export interface TicketSourceParts {
  readonly worker: number;
  readonly controlThread: number;
  readonly queue: ReadyQueue;
  readonly runs: RunTable;
  readonly registry: RunRegistry;
  readonly payloads: Payloads;
  readonly space: SharedSpaceParts;
  readonly latencies: WorkerLatencies;
  readonly watch: LapStopwatch;
  /** What precedes the number of a run that has no id of its own. */
  readonly runIdPrefix: string;
  /** Told when the worker has taken work, so that it stops counting as hungry. */
  readonly onTaken: () => void;
  /** Tells another hungry worker that there are more tickets. */
  readonly ringNext: () => void;
  /** The queue is empty: rings the control thread if it has runs left over. */
  readonly onEmpty: () => void;
}

const factCodec: FactCodec = { value: decodeValue, failure: decodeFailure };

/** Takes tickets out of the ready queue and makes runs and tasks of them. Stale ones are dropped on the way. */
export class TicketSource implements Tickets {
  readonly #parts: TicketSourceParts;
  readonly #consumer: ReadyQueueConsumer;
  readonly #ticket: TicketReader;
  /** Gets the ends of guest tasks. Set once, by the composition root. */
  guestActor!: ActorRef<WorkflowMessage>;

  constructor(parts: TicketSourceParts) {
    this.#parts = parts;
    this.#consumer = parts.queue.claimConsumer(parts.worker);
    this.#ticket = new TicketReader(parts.queue.ints);
  }

  take(): { run: Run; input: unknown } | ReadyTask | undefined {
    const { queue, onTaken, ringNext } = this.#parts;
    for (let cell = this.#consumer.take(); cell >= 0; cell = this.#consumer.take()) {
      failpoint("worker.taken");
      onTaken();
      if (queue.length() > 0) ringNext();
      this.#ticket.at = queue.wordOf(cell);
      const taken = this.#ticket.isStart ? this.#startRun() : this.#task();
      this.#consumer.done(cell);
      if (taken !== undefined) return taken;
    }
    this.#parts.onEmpty();
    return undefined;
  }

  #startRun(): { run: Run; input: unknown } | undefined {
    const { runs, registry, worker, watch } = this.#parts;
    const { slot, epoch } = this.#ticket;
    if (!runs.enter(slot, epoch, worker)) return undefined; // its input is freed by whoever took the run away
    runs.touch(slot, worker);
    runs.setHome(slot, worker);
    const input = this.#input();
    const run = this.#run(worker, false);
    runs.leave(slot, worker);
    registry.addHome(run);
    watch.lap();
    return { run, input };
  }

  #input(): unknown {
    const { payloads, controlThread, queue } = this.#parts;
    const { inputBlock, inputBytes, inputWord } = this.#ticket;
    if (inputBlock === 0) return payloads.decodeWords(queue.ints, inputWord, inputBytes);
    const handle = handleOf(controlThread, inputBlock);
    const input = payloads.decode(handle);
    payloads.free(handle);
    return input;
  }

  #task(): ReadyTask | undefined {
    const { worker, watch, latencies, runs } = this.#parts;
    const { home, scope: handle, instance, attempt, offeredAt } = this.#ticket;
    const run = home === worker ? this.#homeRun() : this.#guestRun(home);
    if (run === undefined) return undefined;
    const now = watch.lap();
    if (run.isGuest) latencies.hop(now - offeredAt);
    // Only a guest that is present may look at the run's memory: to find the scope is to read it.
    const scope = (run.space as SharedSpace).scopeAt(handle, NOTHING, 0);
    if (run.isGuest) runs.leave(run.slot, worker);
    const task = new ReadyTask(run, scope, instance, scope.shape.nodeOf(instance), offeredAt);
    task.attempt = attempt;
    return task;
  }

  #homeRun(): Run | undefined {
    const run = this.#parts.registry.home(this.#ticket.slot, this.#ticket.epoch);
    return run === undefined || run.isOver ? undefined : run;
  }

  /** The run as a guest, entered; undefined when it is stale. */
  #guestRun(home: number): Run | undefined {
    const { registry, runs, space, worker } = this.#parts;
    const { slot, epoch } = this.#ticket;
    if (!runs.enter(slot, epoch, worker)) return undefined;
    const known = registry.guest(slot, epoch);
    if (known !== undefined) return known;
    runs.touch(slot, worker);
    const run = this.#run(home, true);
    const shared = new SharedSpace(run, space);
    run.space = shared;
    run.actor = this.guestActor;
    run.root = shared.attachRoot(runs.block(slot));
    registry.addGuest(run);
    return run;
  }

  /** Read while inside the run: the control thread frees the block with the slot. */
  #past(): RunPast | undefined {
    const { pastBlock } = this.#ticket;
    if (pastBlock === 0) return undefined;
    const { payloads, controlThread } = this.#parts;
    return new RunPast(payloads.decode(handleOf(controlThread, pastBlock)) as TaskFact[], factCodec); // encoded by the dispatch
  }

  #run(home: number, isGuest: boolean): Run {
    const workflow = this.#parts.registry.workflow(this.#ticket.workflow);
    assert(workflow !== undefined, "a workflow is registered on every worker before a run of it is published");
    const place = { workflow, past: this.#past(), home, isGuest, idPrefix: this.#parts.runIdPrefix };
    return new Run(this.#ticket, place, workflow.makeReady<ReadyTask>(), localSpace);
  }
}
