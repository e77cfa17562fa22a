import type { Piscina } from "piscina";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { TimerWheel } from "../../actors/kernel/timer-wheel.js";
import type { Trace } from "../../actors/worker-actors.js";
import { compile } from "../authoring/compile.js";
import { requireId } from "../authoring/ids.js";
import { refuseOption, requireDuration, requireInteger, requireOneOf, requireOptions } from "../authoring/option-checks.js";
import type { Duration } from "../authoring/quantity.js";
import type { Schema } from "../authoring/schema.js";
import { openGraph } from "../authoring/topology.js";
import { validateInput } from "../authoring/validate-input.js";
import { requireDefinition, type Workflow } from "../authoring/workflow.js";
import { dataToError, type ErrorData } from "../codec/error-codec.js";
import { decodeValue, encodeValue } from "../codec/value-codec.js";
import { failpoint } from "../faults/failpoint.js";
import { PayloadArena } from "../memory/payload-arena.js";
import { type Latency, type LatencyKind, latencyKinds, mergeLatency } from "../observe/latency.js";
import { LogLinearHistogram } from "../observe/log-linear-histogram.js";
import { after, afterUnheld, engineMs, nowMs, wallMs } from "../observe/system-clock.js";
import type { TaskRecord } from "../observe/task-record.js";
import type { WorkflowRegistration } from "../worker/worker-start.js";
import { Crew, type CrewUsage } from "./crew.js";
import { type Definition, definitionOf, differences } from "./journal/definition.js";
import type { JournalRecorder, KnownRun, UnfinishedRun } from "./journal/journal-recorder.js";
import { learningPolicies, worthKeeping } from "./journal/learned.js";
import { openRecorder } from "./journal/open-recorder.js";
import type { ProvisionalRecorder } from "./journal/provisional-recorder.js";
import { inputHashOf } from "./journal/stored-run.js";
import type { ResolvedEngineOptions } from "./options.js";
import { requireCapacity } from "./require-capacity.js";
import { cancelled, type Run, RunRecord } from "./run.js";
import { RunBook } from "./run-book.js";
import { type Settled, submitAll } from "./submit-all.js";

export interface SubmitOptions {
  /** Id of the run; the same id and input again is the same run. @defaultValue one made by the engine */
  runId?: string;
  /** Higher goes first, where the scheduler looks at it. @defaultValue 0 */
  priority?: number;
  /** When the run should have ended, from its submission. A wish: schedulers may use it, and its summary says if it was missed. @defaultValue none */
  deadline?: Duration;
  /** When the run is ended, from its submission, if it has not ended by itself: it fails with DF_RUN_TIMEOUT. @defaultValue none */
  timeout?: Duration;
  /** Cancels the run when it aborts. @defaultValue none */
  signal?: AbortSignal;
}

export interface SubmitAllOptions {
  /** Runs under way at a time. @defaultValue 1,000 */
  inFlight?: number;
  /** Cancels the runs under way when it aborts, and submits no more: what was under way is still given. @defaultValue none */
  signal?: AbortSignal;
}

/** Runs workflows. Made by `DataFlower.start`. */
export interface Engine extends AsyncDisposable {
  /**
   * Accepts a run.
   *
   * @throws DF_INPUT_INVALID, DF_UNSERIALIZABLE, DF_RESULT_TOO_LARGE, DF_QUEUE_FULL, DF_RUN_CONFLICT, DF_ENGINE_CLOSED,
   *   DF_POOL_UNHEALTHY, and what loading the workflow raises when it was not listed at the start
   */
  submit<In, Out>(workflow: Workflow<In, Out>, input: NoInfer<In>, options?: SubmitOptions): Promise<Run<Out>>;
  /** Submits and waits for the output. */
  run<In, Out>(workflow: Workflow<In, Out>, input: NoInfer<In>, options?: SubmitOptions): Promise<Out>;
  /** Submits inputs as fast as runs end, and gives each run as it ends: a failed one is a value here, not an exception. */
  submitAll<In, Out>(
    workflow: Workflow<In, Out>,
    inputs: Iterable<NoInfer<In>> | AsyncIterable<NoInfer<In>>,
    options?: SubmitAllOptions,
  ): AsyncIterable<Settled<Out>>;
  /** A run that this engine accepted; undefined when it knows none of that id. Of ended runs the newest 8,192 with an id of their own are known, and the newest 1,024 others. */
  get<In, Out>(workflow: Workflow<In, Out>, runId: string): Promise<Run<Out> | undefined>;
  /**
   * Latencies so far, merged over all workers; `task` narrows queueing and service to the tasks of one name, whatever their numbers.
   * Every attempt counts. A thread that ends takes what it has measured along.
   */
  latency(kind: LatencyKind, task?: string): Promise<Latency>;
  /**
   * What schedulers have learnt so far, by their names: of `learned` run times by category, of `adaptive` what it has chosen when, of
   * `deadline` what came too late. The engine's own has learnt about runs, those of workflows about tasks, each worker for itself.
   */
  learned(): Promise<{ readonly runs: Record<string, object>; readonly tasks: readonly Record<string, object>[] }>;
  /**
   * Ends the engine: no new runs; those that it has get `grace` (10 s by default) to end and are cancelled then. The signals of their attempts
   * abort, and their code has half a second to come to its end; a thread that a task holds is killed after another second.
   */
  close(options?: { grace?: Duration }): Promise<void>;
}

interface Registered extends WorkflowRegistration {
  /** See CompiledWorkflow. */
  readonly hash: string;
  readonly definition: () => Definition;
  readonly inputSchema: Schema<unknown, unknown> | undefined;
}

const graceMsDefault = 10_000;
const graceMsMax = 86_400_000;
/** How often it is put on record what schedulers have learnt, in ms; a process that is killed has forgotten the rest. */
const learnedEveryMs = 60_000;

/** The engine on the control thread: checks and encodes what comes in, hands it to the crew, settles what comes back. */
export class RunningEngine implements Engine {
  readonly #options: ResolvedEngineOptions;
  readonly #recorder: JournalRecorder | ProvisionalRecorder;
  /** The recorder, where what is recorded outlives the process. */
  readonly #journal: JournalRecorder | undefined;
  /** Runs of engines before this one, by workflow and id: they wait until it is registered or, if they are not to be resumed, asked for. */
  readonly #unfinished = new Map<string, Map<string, UnfinishedRun>>();
  /** Runs whose acceptance is not durable yet. */
  #accepting = 0;
  readonly #crew: Crew;
  readonly #registered = new Map<Workflow<never, unknown>, Promise<Registered> | Registered>();
  readonly #names = new Map<string, Workflow<never, unknown>>();
  /** Workflows that were ever handed to the workers: an id is never given twice, even when loading one has failed. */
  #workflowIds = 0;
  readonly #book: RunBook;
  readonly #endToEnd = new LogLinearHistogram();
  #closing: Promise<void> | undefined;
  /** Some scheduler learns. */
  #isLearning = false;
  #stopKeeping = (): void => {};
  #lost: DataFlowerError | undefined;
  #onIdle: (() => void) | undefined;
  readonly #timers = new TimerWheel<RunRecord>({ nowMs, after }, () => this.#timeOutDue());
  readonly #cancel = (record: RunRecord, reason: string): void => {
    this.#crew.cancel(record, "cancelled", cancelled(record.id, reason));
  };
  readonly #listTasks = async (record: RunRecord): Promise<readonly TaskRecord[]> => {
    if (!this.#options.isRecording) {
      const message = `Cannot list the tasks of run ${record.id} as its engine must be started with record: true: it was not`;
      throw new DataFlowerError("DF_OPTION_INVALID", message, { runId: record.id });
    }
    await new Promise<void>((resolve) => record.whenEnded(resolve));
    this.#requireOpen("list the tasks of a run");
    return this.#crew.tasks(record);
  };

  private constructor(
    options: ResolvedEngineOptions,
    pools: readonly Piscina[],
    recorder: JournalRecorder | ProvisionalRecorder,
    trace: Trace | undefined,
  ) {
    this.#options = options;
    this.#recorder = recorder;
    this.#journal = recorder.isDurable ? recorder : undefined;
    this.#crew = new Crew(options, pools, recorder, {
      onEnded: (record, at) => this.#ended(record, at),
      onUnhealthy: (error) => {
        this.#lost = error;
        this.#crew.giveUp("failed", () => error);
      },
      onMessage: trace,
    });
    this.#book = new RunBook(this.#crew.runIdPrefix);
  }

  /**
   * Starts the workers and loads the workflows on each of them.
   *
   * @param pools one a worker, with its thread
   * @param trace told of every message of a worker on the calling thread, before its actor handles it. @defaultValue nobody is
   */
  static async start(options: ResolvedEngineOptions, pools: readonly Piscina[], trace?: Trace): Promise<Engine> {
    sayDefaults(options);
    const recorder = await openRecorder(options);
    const engine = new RunningEngine(options, pools, recorder, trace);
    try {
      await engine.#recover();
      if (engine.#journal?.learned !== undefined) await engine.#crew.learn(engine.#journal.learned);
      if (engine.#journal !== undefined) engine.#keepLearnedLater();
      await Promise.all(options.workflows.map((workflow) => engine.#register(workflow)));
    } catch (error) {
      await engine.close({ grace: 0 });
      throw error;
    }
    return engine;
  }

  async submit<In, Out>(workflow: Workflow<In, Out>, input: NoInfer<In>, options?: SubmitOptions): Promise<Run<Out>> {
    return (await this.#accept(workflow as Workflow<never, unknown>, input, options)) as Run<unknown> as Run<Out>; // typed by the workflow
  }

  async run<In, Out>(workflow: Workflow<In, Out>, input: NoInfer<In>, options?: SubmitOptions): Promise<Out> {
    const accepted = this.#accept(workflow as Workflow<never, unknown>, input, options);
    const record = accepted instanceof RunRecord ? accepted : await accepted;
    return record.result() as Promise<Out>; // typed by the workflow
  }

  submitAll<In, Out>(
    workflow: Workflow<In, Out>,
    inputs: Iterable<NoInfer<In>> | AsyncIterable<NoInfer<In>>,
    options?: SubmitAllOptions,
  ): AsyncIterable<Settled<Out>> {
    const { inFlight = 1000, signal } = requireOptions("submitAll", options, ["inFlight", "signal"]) as SubmitAllOptions;
    const runOptions = signal === undefined ? undefined : { signal: requireSignal("submitAll.signal", signal) };
    requireInteger("submitAll.inFlight", inFlight, { min: 1, max: this.#options.intakeMax });
    if (!isIterable(inputs)) refuseOption("submitAll.inputs", "iterable", inputs);
    const accept = (input: In) => this.#accept(workflow as Workflow<never, unknown>, input, runOptions);
    return submitAll<In, Out>({ accept, inputs, inFlight, signal });
  }

  async get<In, Out>(workflow: Workflow<In, Out>, runId: string): Promise<Run<Out> | undefined> {
    const { name } = requireDefinition(workflow);
    const known = this.#book.get(requireId("run", runId)) ?? (await this.#stored(workflow as Workflow<never, unknown>, runId));
    const record = (await known?.accepted) ?? known;
    return record?.workflow === name ? (record as Run<unknown> as Run<Out>) : undefined;
  }

  async latency(kind: LatencyKind, task?: string): Promise<Latency> {
    requireOneOf("latency.kind", kind, latencyKinds);
    if (task !== undefined && typeof task !== "string") refuseOption("latency.task", "the name of a handler", task);
    if (kind === "end-to-end") return mergeLatency([this.#endToEnd.snapshot()]);
    this.#requireOpen("ask for latencies");
    return mergeLatency(await this.#crew.latency(kind, task));
  }

  async learned(): Promise<{ readonly runs: Record<string, object>; readonly tasks: readonly Record<string, object>[] }> {
    this.#requireOpen("ask what was learnt");
    return this.#crew.learned();
  }

  /** What is in use, for those who look for leaks. */
  usage(): CrewUsage {
    return this.#crew.usage();
  }

  async close(options?: { grace?: Duration }): Promise<void> {
    const { grace = graceMsDefault } = requireOptions("close", options, ["grace"]) as { grace?: Duration };
    const graceMs = requireDuration("close.grace", grace, { min: 0, max: graceMsMax });
    this.#closing ??= this.#close(graceMs);
    await this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(graceMs: number): Promise<void> {
    if (this.#crew.unfinished > 0 && graceMs > 0) await this.#idleWithin(graceMs);
    this.#stopKeeping();
    await this.#keepLearned().catch(() => {}); // a thread that does not answer, or a store that has failed
    await this.#recorder.durable().catch(() => {}); // who waited for it knows
    this.#crew.giveUp("cancelled", (record) => cancelled(record.id, "its engine was closed before it ended"));
    this.#timers.close();
    await this.#crew.close();
    await this.#recorder.close();
  }

  /** Puts on record what schedulers have learnt, where they do and where it lasts. */
  async #keepLearned(): Promise<void> {
    if (this.#journal === undefined || !this.#isLearning || this.#lost !== undefined) return;
    const { runs, tasks } = await this.#crew.learned();
    await this.#journal.keepLearned(worthKeeping(runs, tasks));
  }

  #keepLearnedLater(): void {
    this.#stopKeeping = afterUnheld(learnedEveryMs, () => {
      void this.#keepLearned()
        .catch(() => {}) // as when it closes
        .finally(() => {
          if (this.#closing === undefined) this.#keepLearnedLater();
        });
    });
  }

  #idleWithin(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancelGrace = after(graceMs, resolve);
      this.#onIdle = () => {
        cancelGrace();
        resolve();
      };
    });
  }

  #accept(workflow: Workflow<never, unknown>, input: unknown, options: SubmitOptions | undefined): RunRecord | Promise<RunRecord> {
    this.#requireOpen("accept a run");
    const registered = this.#registered.get(workflow) ?? this.#register(workflow);
    if (registered instanceof Promise) return registered.then((ready) => this.#acceptInput(ready, input, options));
    return this.#acceptInput(registered, input, options);
  }

  #acceptInput(registered: Registered, input: unknown, options: SubmitOptions | undefined): RunRecord | Promise<RunRecord> {
    if (registered.inputSchema === undefined) return this.#acceptValue(registered, input, options);
    const valid = validateInput(registered.name, registered.inputSchema, input);
    if (valid instanceof Promise) return valid.then((value) => this.#acceptValue(registered, value, options));
    return this.#acceptValue(registered, valid, options);
  }

  #acceptValue(registered: Registered, input: unknown, given: SubmitOptions | undefined): RunRecord | Promise<RunRecord> {
    this.#requireOpen("accept a run");
    const options = given === undefined ? noOptions : resolveSubmitOptions(given);
    const encoded = encodeValue(input);
    this.#requireSize(registered.name, encoded.length);
    if (options.runId === undefined) return this.#acceptNew(registered, encoded, options);
    const known = this.#book.same(options.runId, registered.name, encoded);
    if (known !== undefined) return known.accepted ?? known;
    if (this.#journal !== undefined) return this.#acceptUnlessStored(registered, encoded, options, this.#journal.find(options.runId));
    return this.#acceptNew(registered, encoded, options);
  }

  async #acceptUnlessStored(
    registered: Registered,
    input: Uint8Array,
    options: ResolvedSubmitOptions,
    finding: Promise<KnownRun | undefined>,
  ): Promise<RunRecord> {
    const stored = await finding;
    this.#requireOpen("accept a run");
    const runId = options.runId as string; // who has none is not looked for
    const known = this.#book.same(runId, registered.name, input); // it may have been accepted meanwhile
    if (known !== undefined) return known.accepted ?? known;
    return stored === undefined ? this.#acceptNew(registered, input, options) : this.#same(runId, registered, input, stored);
  }

  /** @throws DF_RUN_CONFLICT when the store's run of this id is another one */
  #same(runId: string, registered: Registered, input: Uint8Array, stored: KnownRun): RunRecord {
    const { name } = registered;
    const { workflow, inputHash } = stored.entry;
    if (workflow !== name || inputHash !== inputHashOf(input)) {
      const what = workflow === name ? "another input" : `workflow ${workflow}`;
      throw new DataFlowerError("DF_RUN_CONFLICT", `Cannot accept run ${runId} as an id names one run: it names one of ${what}`, { runId });
    }
    return this.#asked(runId, registered, stored);
  }

  /** A run of the store that somebody has asked for: gone on with, or as it ended. */
  #asked(runId: string, registered: Registered, stored: KnownRun): RunRecord {
    const run = this.#unfinished.get(registered.name)?.get(runId);
    return run === undefined ? this.#restored(runId, registered.id, stored) : this.#resume(registered, run);
  }

  #acceptNew(registered: Registered, encoded: Uint8Array, options: ResolvedSubmitOptions): RunRecord | Promise<RunRecord> {
    this.#crew.requireRoom(this.#accepting);
    const order = this.#recorder.takeNumber();
    const submittedAt = nowMs();
    const record = new RunRecord({
      ownId: options.runId,
      idPrefix: this.#crew.runIdPrefix,
      workflow: registered.name,
      workflowId: registered.id,
      order,
      submittedAt,
      priority: options.priority,
      deadline: submittedAt + options.deadlineMs,
      input: encoded,
      cancel: this.#cancel,
      listTasks: this.#listTasks,
    });
    record.fence = this.#recorder.fenceBase;
    this.#book.add(record);
    if (this.#journal === undefined) return this.#accepted(record, options);
    record.accepted = this.#acceptDurably(this.#journal, registered, record, options);
    return record.accepted;
  }

  async #acceptDurably(
    journal: JournalRecorder,
    registered: Registered,
    record: RunRecord,
    options: ResolvedSubmitOptions,
  ): Promise<RunRecord> {
    const { workflow, input, priority, submittedAt, deadline } = record;
    this.#accepting += 1;
    try {
      journal.define(registered.definition());
      await journal.accept(record, () => ({
        ...{ id: record.id, workflow, definition: registered.hash, priority, input },
        ...{
          submittedAt: wallMs(submittedAt),
          deadline: wallMs(deadline),
          timeoutAt: options.timeoutMs < Number.POSITIVE_INFINITY ? wallMs(submittedAt + options.timeoutMs) : Number.NaN,
        },
      }));
    } catch (error) {
      record.end("failed", error, nowMs());
      this.#book.ended(record);
      throw error;
    } finally {
      this.#accepting -= 1;
      record.accepted = undefined;
    }
    return this.#accepted(record, options);
  }

  #accepted(record: RunRecord, options: ResolvedSubmitOptions): RunRecord {
    this.#crew.submit(record);
    failpoint("run.acked");
    if (options.timeoutMs < Number.POSITIVE_INFINITY) this.#timeOut(record, options.timeoutMs);
    if (options.signal !== undefined) this.#follow(record, options.signal);
    return record;
  }

  /** What the journal holds of runs that have not ended: they wait for their workflows. */
  async #recover(): Promise<void> {
    for (const run of (await this.#journal?.recover()) ?? []) {
      const { workflow, id } = run.acceptance;
      const others = this.#unfinished.get(workflow);
      if (others === undefined) this.#unfinished.set(workflow, new Map([[id, run]]));
      else others.set(id, run);
    }
    for (const id of this.#journal?.lost ?? []) process.stderr.write(`dataflower: ${lost(id, "what has happened to it").message}\n`);
  }

  /** Goes on with the runs of a workflow that engines before this one have left unfinished. */
  #resumeAll(registered: Registered): void {
    if (this.#options.store?.isResuming !== true) return;
    for (const run of this.#unfinished.get(registered.name)?.values() ?? []) this.#resume(registered, run);
  }

  #resume(registered: Registered, run: UnfinishedRun): RunRecord {
    const { id, definition } = run.acceptance;
    this.#unfinished.get(registered.name)?.delete(id);
    const record = this.#resumed(registered, run);
    this.#book.add(record);
    if (definition === registered.hash) this.#goOn(record, run);
    else {
      const error = workflowChanged(id, registered, this.#journal?.definition(definition));
      process.stderr.write(`dataflower: ${error.message}\n`);
      record.end("failed", error, nowMs()); // here only: it stays unfinished in the store
      this.#book.ended(record);
    }
    return record;
  }

  #resumed(registered: Registered, { number, acceptance }: UnfinishedRun): RunRecord {
    const { id, priority, submittedAt, deadline, input } = acceptance;
    return new RunRecord({
      ...{ ownId: id, idPrefix: "", workflow: registered.name, workflowId: registered.id, order: number },
      // A clock that was set back since then would have its timeout begin in the future.
      ...{ submittedAt: Math.min(engineMs(submittedAt), nowMs()), priority, deadline: engineMs(deadline), input },
      cancel: this.#cancel,
      listTasks: this.#listTasks,
    });
  }

  #goOn(record: RunRecord, { number, acceptance, facts }: UnfinishedRun): void {
    record.fence = this.#recorder.fenceBase;
    record.facts = facts.list(engineMs);
    record.wasInProgress = facts.areSuspect;
    this.#journal?.claim(number, record);
    this.#crew.resume(record);
    const { timeoutAt, submittedAt } = acceptance;
    if (timeoutAt >= 0) this.#timeOut(record, timeoutAt - submittedAt);
  }

  /** A run that this engine does not know by itself. */
  async #stored(workflow: Workflow<never, unknown>, runId: string): Promise<RunRecord | undefined> {
    if (this.#journal === undefined) return undefined;
    this.#requireOpen("look for a run");
    const stored = await this.#journal.find(runId);
    if (stored === undefined || stored.entry.workflow !== requireDefinition(workflow).name) return undefined;
    const registered = await (this.#registered.get(workflow) ?? this.#register(workflow));
    return this.#book.get(runId) ?? this.#asked(runId, registered, stored);
  }

  /** A run that has ended, as the store knows it. */
  #restored(runId: string, workflowId: number, { entry, end }: KnownRun): RunRecord {
    if (end === undefined) throw lost(runId, entry.status === "accepted" ? "what has happened to it" : "how it has ended");
    const record = new RunRecord({
      ...{ ownId: runId, idPrefix: "", workflow: entry.workflow, workflowId, order: 0 },
      ...{ submittedAt: engineMs(entry.submittedAt), priority: 0, deadline: Number.NaN, input: new Uint8Array() },
      cancel: this.#cancel,
      listTasks: this.#listTasks,
    });
    const value = decodeValue(end.body);
    const { status, tasks, workUs, waitMs, makespanMs, body } = end;
    const startedAt = record.submittedAt + waitMs;
    const work = { startedAt, endedAt: startedAt + makespanMs, tasks, workUs, bodyBytes: body.length };
    record.end(status, status === "completed" ? value : dataToError(value as ErrorData), engineMs(entry.endedAt), work);
    return record;
  }

  /** @throws DF_RESULT_TOO_LARGE for an input that is larger than allowed, or than the shared memory that it is handed over in */
  #requireSize(workflow: string, bytes: number): void {
    const { outputBytesMax, arenaBytesMax } = this.#options;
    const arenaInputMax = PayloadArena.payloadBytesMax(arenaBytesMax);
    if (bytes <= Math.min(outputBytesMax, arenaInputMax)) return;
    const rule =
      bytes > outputBytesMax ? `limits.outputBytesMax is ${outputBytesMax}` : `limits.arenaBytesMax leaves room for ${arenaInputMax}`;
    throw new DataFlowerError("DF_RESULT_TOO_LARGE", `Cannot accept the input of ${workflow} as ${rule} bytes: found ${bytes} bytes`);
  }

  #register(workflow: Workflow<never, unknown>): Promise<Registered> {
    const registering = this.#load(workflow);
    this.#registered.set(workflow, registering);
    registering.then(
      (registered) => {
        this.#registered.set(workflow, registered);
        this.#resumeAll(registered);
      },
      () => this.#registered.delete(workflow),
    );
    return registering;
  }

  async #load(workflow: Workflow<never, unknown>): Promise<Registered> {
    const compiled = compile(workflow);
    const other = this.#names.get(compiled.name);
    if (other !== undefined && other !== workflow) {
      throw new DataFlowerError(
        "DF_SPEC_INVALID",
        `Cannot register workflow ${compiled.name} as an engine knows each name once: found another one`,
      );
    }
    requireCapacity(compiled.name, openGraph(compiled.topology), this.#options);
    this.#names.set(compiled.name, workflow);
    const { name, source, topology, whenTaskFails, inputSchema, handlers, hash } = compiled;
    const policy = compiled.scheduler ?? this.#options.scheduler;
    const scheduler = { name: policy.name, module: policy.module };
    this.#isLearning ||= [policy, this.#options.scheduler].some((one) => one.module === undefined && learningPolicies.has(one.name));
    const registration = { id: ++this.#workflowIds, name, source, topology, whenTaskFails, scheduler };
    try {
      await this.#crew.register(registration, { handlers, policy });
    } catch (error) {
      this.#names.delete(name);
      throw error;
    }
    let definition: Definition | undefined;
    const describe = () => {
      definition ??= definitionOf(name, hash, openGraph(topology));
      return definition;
    };
    return { ...registration, inputSchema, hash, definition: describe };
  }

  #ended(record: RunRecord, at: number): void {
    this.#endToEnd.record(at - record.submittedAt);
    this.#book.ended(record);
    if (this.#onIdle !== undefined && this.#crew.unfinished === 0) this.#onIdle();
  }

  #timeOut(record: RunRecord, timeoutMs: number): void {
    record.timer = this.#timers.set(record, record.submittedAt + timeoutMs);
    record.whenEnded(() => {
      if (record.timer !== undefined) this.#timers.clear(record.timer);
    });
  }

  /** This thread may have been held: runs whose ends have arrived meanwhile have ended in time. */
  #timeOutDue(): void {
    this.#crew.drain();
    this.#timers.expired((record, dueAt) => {
      const limit = `it must end within its timeout of ${Math.round(dueAt - record.submittedAt)} ms`;
      record.timer = undefined;
      const error = new DataFlowerError("DF_RUN_TIMEOUT", `Cannot finish run ${record.id} as ${limit}: it did not`, { runId: record.id });
      this.#crew.cancel(record, "failed", error);
    });
  }

  #follow(record: RunRecord, signal: AbortSignal): void {
    const cancel = (): void => this.#cancel(record, `its signal was aborted: ${reasonOf(signal)}`);
    if (signal.aborted) {
      cancel();
      return;
    }
    signal.addEventListener("abort", cancel, { once: true });
    record.whenEnded(() => signal.removeEventListener("abort", cancel));
  }

  #requireOpen(what: string): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#closing !== undefined) {
      throw new DataFlowerError("DF_ENGINE_CLOSED", `Cannot ${what} as the engine must be open: it was closed`);
    }
  }
}

function lost(runId: string, what: string): DataFlowerError {
  const message = `Cannot go on with run ${runId} as the store must hold ${what}: it does not`;
  return new DataFlowerError("DF_CHECKPOINT_LOST", message, { runId });
}

function workflowChanged(runId: string, { name, definition }: Registered, old: Definition | undefined): DataFlowerError {
  const changes = differences(old, definition()).join("; ");
  const message = `Cannot go on with run ${runId} as workflow ${name} must be the one that it was started with: what has changed is ${changes}`;
  return new DataFlowerError("DF_WORKFLOW_CHANGED", message, { runId });
}

interface ResolvedSubmitOptions {
  readonly runId: string | undefined;
  readonly priority: number;
  /** NaN: none. */
  readonly deadlineMs: number;
  /** Infinity: none. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const noOptions: ResolvedSubmitOptions = {
  runId: undefined,
  priority: 0,
  deadlineMs: Number.NaN,
  timeoutMs: Number.POSITIVE_INFINITY,
  signal: undefined,
};
/** Longest deadline and timeout of a run, in ms: a year. */
const runMsMax = 3.2e10;

function resolveSubmitOptions(given: SubmitOptions): ResolvedSubmitOptions {
  const { runId, priority = 0, deadline, timeout, signal } = requireOptions("submit", given, submitNames) as SubmitOptions;
  return {
    runId: runId === undefined ? undefined : requireId("run", runId),
    priority: requireInteger("submit.priority", priority, { min: -1_000_000, max: 1_000_000 }),
    deadlineMs: deadline === undefined ? Number.NaN : requireDuration("submit.deadline", deadline, { min: 0, max: runMsMax }),
    timeoutMs: timeout === undefined ? Number.POSITIVE_INFINITY : requireDuration("submit.timeout", timeout, { min: 1, max: runMsMax }),
    signal: signal === undefined ? undefined : requireSignal("submit.signal", signal),
  };
}

const submitNames = ["runId", "priority", "deadline", "timeout", "signal"] as const satisfies readonly (keyof SubmitOptions)[];

function reasonOf({ reason }: AbortSignal): string {
  return String(reason instanceof Error ? reason.message : reason).slice(0, 200);
}

function requireSignal(path: string, value: unknown): AbortSignal {
  return value instanceof AbortSignal ? value : refuseOption(path, "an AbortSignal", value);
}

function isIterable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}

function sayDefaults(options: ResolvedEngineOptions): void {
  if (options.isStoreDefault) process.stderr.write("dataflower: no store was named; runs are kept in memory and end with this process\n");
  if (options.workers === 0)
    process.stderr.write("dataflower: 0 workers; tasks run on the calling thread, where nothing can stop one that blocks\n");
}
