import { assert } from "../../actors/kernel/assert.js";
import type { Sharing } from "../../actors/ports.js";
import type { LocalMemory } from "../../actors/workflow/local-memory.js";
import type { ReadyTask, Run } from "../../actors/workflow/run.js";
import { Scope } from "../../actors/workflow/scope.js";
import { failpoint } from "../faults/failpoint.js";
import type { Doorbells } from "../memory/doorbell.js";
import type { ReadyQueue, ReadyQueueProducer } from "../memory/ready-queue.js";
import type { RunTable } from "../memory/run-table.js";
import type { Bells } from "./bells.js";
import { SharedMemory } from "./shared-memory.js";
import { SharedSpace, type SharedSpaceParts } from "./shared-space.js";
import type { LapStopwatch } from "./stopwatch.js";
import { TicketWriter } from "./ticket.js";

export interface WorkSharingParts {
  readonly worker: number;
  readonly workers: number;
  readonly sharesAtStart: boolean;
  readonly queue: ReadyQueue;
  readonly producer: ReadyQueueProducer;
  readonly runs: RunTable;
  readonly doorbells: Doorbells;
  readonly bells: Bells;
  readonly space: SharedSpaceParts;
  readonly watch: LapStopwatch;
}

/** Moves runs into shared memory and their ready tasks into the ready queue. */
export class WorkSharing implements Sharing {
  readonly others: number;
  readonly sharesAtStart: boolean;
  readonly #parts: WorkSharingParts;
  readonly #writer: TicketWriter;
  /** Reserved for the next ticket; -1: none. */
  #cell = -1;

  constructor(parts: WorkSharingParts) {
    this.#parts = parts;
    this.others = parts.workers - 1;
    this.sharesAtStart = parts.sharesAtStart;
    this.#writer = new TicketWriter(parts.queue.ints);
  }

  hungryCount(): number {
    return this.#parts.doorbells.hungryHint(this.#parts.worker);
  }

  queuedCount(): number {
    return this.#parts.queue.length();
  }

  share(run: Run): boolean {
    const { runs, worker } = this.#parts;
    if (!runs.enter(run.slot, run.epoch, worker)) return false; // taken away; RunResults leaves
    if (this.#move(run)) return true;
    runs.leave(run.slot, worker);
    return false;
  }

  #move(run: Run): boolean {
    const space = new SharedSpace(run, this.#parts.space);
    const root = (run.root.memory as LocalMemory).state(); // a run that is not shared yet has all its scopes in the heap
    const memory = space.openRoot(root.shape);
    if (memory === undefined) return false;
    const opened: [Scope, SharedMemory][] = [];
    if (!moveScope(run.root, memory, space, opened)) {
      space.payloads.free(memory.handle);
      for (const [scope, inner] of opened) if (scope !== run.root) space.payloads.free(inner.handle);
      return false;
    }
    for (const [scope, inner] of opened) moveOutputs(scope, inner, space);
    run.space = space;
    run.isShared = true;
    space.noteWork();
    this.#parts.runs.setBlock(run.slot, space.root);
    return true;
  }

  hasRoom(): boolean {
    if (this.#cell < 0) this.#cell = this.#parts.producer.reserve();
    return this.#cell >= 0;
  }

  offer(task: ReadyTask): boolean {
    const { queue, producer, bells, worker, watch } = this.#parts;
    if (task.isPinned || !(task.scope.memory instanceof SharedMemory)) return false;
    const cell = this.#cell;
    this.#cell = -1;
    const { run } = task;
    const place = {
      home: run.home,
      scope: task.scope.memory.handle,
      instance: task.instance,
      attempt: task.attempt,
      offeredAt: watch.boundary,
    };
    this.#writer.task(queue.wordOf(cell), run, run.workflow.id, place);
    assert(producer.publish(cell), "the ready queue holds more tickets than there are cells");
    failpoint("successors.queued");
    bells.ringHungry(worker);
    return true;
  }
}

/** Gives every open scope of the run a block with its counters as they stand; false when one finds no room. */
function moveScope(scope: Scope, memory: SharedMemory, space: SharedSpace, opened: [Scope, SharedMemory][]): boolean {
  opened.push([scope, memory]);
  const state = (scope.memory as LocalMemory).state();
  memory.adoptCounters(state);
  for (let instance = 0; instance < state.outputs.length; instance++) {
    const child = state.outputs[instance];
    if (!(child instanceof Scope)) continue;
    const inner = space.allocate(child.shape, memory.handle, instance);
    if (inner === undefined || !moveScope(child, inner, space, opened)) return false;
  }
  return true;
}

/** Moves the outputs that still have readers, and makes the block the scope's memory. */
function moveOutputs(scope: Scope, memory: SharedMemory, space: SharedSpace): void {
  const { outputs } = (scope.memory as LocalMemory).state();
  scope.memory = memory;
  space.adopt(memory.handle, scope);
  if (scope.parent !== undefined) (scope.parent.memory as SharedMemory).setOutput(scope.at, memory.handle);
  for (let instance = 0; instance < outputs.length; instance++) {
    const output = outputs[instance];
    if (output !== undefined && !(output instanceof Scope)) memory.putOwned(instance, output);
  }
}
