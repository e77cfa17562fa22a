import type { ActorRef } from "../../actors/kernel/actor.js";
import { assert } from "../../actors/kernel/assert.js";
import type { WorkflowMessage } from "../../actors/messages.js";
import type { Tickets } from "../../actors/ports.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { ReadyTask, Run, type RunFacts } from "../../actors/workflow/run.js";
import { Fifo } from "../../schedulers/index.js";
import { decodeValue } from "../codec/value-codec.js";
import type { ReadyQueue, ReadyQueueConsumer } from "../memory/ready-queue.js";
import type { RunTable } from "../memory/run-table.js";
import type { WorkerLatencies } from "../observe/worker-latencies.js";
import { handleOf } from "./handle.js";
import type { Payloads } from "./payloads.js";
import type { RunRegistry } from "./run-registry.js";
import { SharedSpace, type SharedSpaceParts } from "./shared-space.js";
import type { LapStopwatch } from "./stopwatch.js";
import { readTicket, type StartTicket, type TaskTicket, type TicketRun } from "./ticket.js";

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
}

/** Takes tickets out of the ready queue and makes runs and tasks of them. Stale ones are dropped on the way. */
export class TicketSource implements Tickets {
  readonly #parts: TicketSourceParts;
  readonly #consumer: ReadyQueueConsumer;
  readonly #bytes: Uint8Array;
  /** Gets the ends of guest tasks. Set once, by the composition root. */
  guestActor!: ActorRef<WorkflowMessage>;

  constructor(parts: TicketSourceParts) {
    this.#parts = parts;
    this.#consumer = parts.queue.claimConsumer(parts.worker);
    const { ints } = parts.queue;
    this.#bytes = new Uint8Array(ints.buffer, ints.byteOffset, ints.byteLength);
  }

  take(): { run: Run; input: unknown } | ReadyTask | undefined {
    for (let cell = this.#consumer.take(); cell >= 0; cell = this.#consumer.take()) {
      this.#parts.onTaken();
      if (this.#parts.queue.length() > 0) this.#parts.ringNext();
      const ticket = readTicket(this.#parts.queue.ints, this.#bytes, this.#parts.queue.wordOf(cell));
      const taken = ticket.kind === "start" ? this.#startRun(ticket) : this.#task(ticket);
      this.#consumer.done(cell);
      if (taken !== undefined) return taken;
    }
    return undefined;
  }

  #startRun(ticket: StartTicket): { run: Run; input: unknown } | undefined {
    const { runs, registry, worker } = this.#parts;
    const input = this.#input(ticket);
    if (!runs.isCurrent(ticket.run.slot, ticket.run.epoch)) return undefined;
    runs.setHome(ticket.run.slot, worker);
    const run = new Run(this.#facts(ticket.run), worker, false, new Fifo<ReadyTask>(), localSpace);
    registry.addHome(run);
    this.#parts.watch.lap();
    return { run, input };
  }

  #input(ticket: StartTicket): unknown {
    const { payloads, controlThread } = this.#parts;
    if (ticket.inputBlock === 0) {
      const from = ticket.inlineWord * 4;
      return decodeValue(this.#bytes.slice(from, from + ticket.inputBytes)); // a private copy: nothing is decoded from shared memory
    }
    const handle = handleOf(controlThread, ticket.inputBlock);
    const input = decodeValue(payloads.read(handle));
    payloads.free(handle);
    return input;
  }

  #task(ticket: TaskTicket): ReadyTask | undefined {
    const run = ticket.home === this.#parts.worker ? this.#homeRun(ticket) : this.#guestRun(ticket);
    if (run === undefined) return undefined;
    const now = this.#parts.watch.lap();
    if (run.isGuest) this.#parts.latencies.hop(now - ticket.offeredAt);
    // Only a guest that is present may look at the run's memory: to find the scope is to read it.
    const scope = (run.space as SharedSpace).scopeAt(ticket.scope, 0, 0);
    const task = new ReadyTask(run, scope, ticket.instance, scope.shape.nodeOf(ticket.instance), ticket.offeredAt);
    task.attempt = ticket.attempt;
    if (run.isGuest) this.#parts.runs.leave(run.slot, this.#parts.worker);
    return task;
  }

  #homeRun(ticket: TaskTicket): Run | undefined {
    const run = this.#parts.registry.home(ticket.run.slot, ticket.run.epoch);
    return run === undefined || run.isOver ? undefined : run;
  }

  /** The run as a guest, entered; undefined when it is stale. */
  #guestRun(ticket: TaskTicket): Run | undefined {
    const { registry, runs, space, worker } = this.#parts;
    const { slot, epoch } = ticket.run;
    if (!runs.enter(slot, epoch, worker)) return undefined;
    const known = registry.guest(slot, epoch);
    if (known !== undefined) return known;
    const run = new Run(this.#facts(ticket.run), ticket.home, true, new Fifo<ReadyTask>(), localSpace);
    const shared = new SharedSpace(run, space);
    run.space = shared;
    run.actor = this.guestActor;
    run.root = shared.attachRoot(runs.block(slot));
    registry.addGuest(run);
    return run;
  }

  #facts(run: TicketRun): RunFacts {
    const workflow = this.#parts.registry.workflow(run.workflow);
    assert(workflow !== undefined, "a workflow is registered on every worker before a run of it is published");
    return { ...run, workflow, runId: run.runId ?? `${this.#parts.runIdPrefix}${run.order}` };
  }
}
