/**
 * The main thread of a child process: loads one handler of one workflow and executes one attempt of it after the other, until the process
 * is killed or the worker that made it is gone.
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { assert } from "../../../actors/kernel/assert.js";
import type { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { HandlerExport } from "../../authoring/handler-source.js";
import { loadHandler, loadHandlers } from "../../authoring/load-handlers.js";
import type { UntypedHandler } from "../../authoring/task-context.js";
import { dataToError, type ErrorData, errorToData } from "../../codec/error-codec.js";
import { encodePipeFrame, type PipeFrame, PipeFrameReader } from "../../codec/pipe-frame.js";
import { decodeValue, encodeTrusted } from "../../codec/value-codec.js";
import { markWorker } from "../../worker/in-worker.js";
import { keepStrayErrors } from "../../worker/stray-errors.js";
import { ChildAttempt } from "./child-attempt.js";
import { answersFd, requestsFd } from "./child-pipes.js";
import { type Answer, childMark, type LoadRequest, type Request, type RunRequest, requestBytesMax, type WatchStart } from "./protocol.js";
import { openResidentPeak } from "./resident-peak.js";

/** The watch thread of this process, as its main thread sees it. */
export interface Watch {
  /** Resolves when it looks after the worker. */
  readonly isUp: Promise<void>;
  /** Has it look after the memory. */
  begin(start: WatchStart): void;
}

const residentPeak = openResidentPeak();

/** A handler that is loaded, with what is known of it. */
class Child {
  readonly #handler: UntypedHandler;
  readonly #request: LoadRequest;
  readonly #loadedBytes: number;
  #attempt: ChildAttempt | undefined;

  constructor(handler: UntypedHandler, request: LoadRequest, loadedBytes: number) {
    this.#handler = handler;
    this.#request = request;
    this.#loadedBytes = loadedBytes;
  }

  /** The newest attempt, as `RUN TASK`. */
  get attempts(): readonly string[] {
    return this.#attempt === undefined ? [] : [this.#attempt.name];
  }

  run(request: RunRequest, payload: Uint8Array): void {
    this.#attempt = new ChildAttempt(request, (answer, body) => this.#send(answer, body), this.#request.outputBytesMax);
    this.#attempt.start(this.#handler, decodeValue(payload));
  }

  abort(payload: Uint8Array): void {
    const reason = dataToError(decodeValue(payload) as ErrorData); // as the worker writes it
    this.#attempt?.abort(reason as DataFlowerError); // it aborts with nothing else
  }

  /** What was short enough to escape the watch thread is found when the attempt ends. */
  #send(answer: Answer, payload?: Uint8Array): void {
    const isEnd = answer.kind !== "heartbeat";
    if (isEnd && residentPeak() - this.#loadedBytes > this.#request.memoryBytesMax) send({ kind: "exhausted", number: answer.number });
    else send(answer, payload);
  }
}

/** Begins to take requests. */
export function serve(watch: Watch): void {
  assert(isMainThread && process.argv.at(-1) === childMark, "only the program of a child process begins to be one");
  markWorker();
  let child: Child | undefined;
  const load = async (request: LoadRequest): Promise<void> => {
    keepStrayErrors({ worker: request.worker, tasks: () => child?.attempts ?? [] });
    try {
      const [handler] = await Promise.all([loadOne(request), watch.isUp]);
      const loadedBytes = residentPeak();
      child = new Child(handler, request, loadedBytes);
      watch.begin({ loadedBytes, memoryBytesMax: request.memoryBytesMax });
      send({ kind: "ready", number: 0 });
    } catch (error) {
      send({ kind: "unloadable", number: 0 }, encodeTrusted(errorToData(error)));
    }
  };
  const heed = ({ head, payload }: PipeFrame): void => {
    const request = head as Request; // this end of the pipe is written by the worker alone
    if (request.kind === "load") void load(request);
    else if (request.kind === "run") child?.run(request, payload);
    else child?.abort(payload);
  };
  const reader = new PipeFrameReader(requestBytesMax);
  const requests = new Socket({ fd: requestsFd });
  requests.on("data", (chunk: Buffer) => reader.push(chunk).forEach(heed));
  requests.on("close", () => process.kill(process.pid, "SIGKILL"));
  requests.on("error", () => {}); // it closes then
}

async function loadOne({ workflow, source, handler }: LoadRequest): Promise<UntypedHandler> {
  if (source.kind === "exports") return loadHandler(source.handlers[handler] as HandlerExport); // listed in the order of the graph
  return (await loadHandlers(workflow, source))[handler] as UntypedHandler; // as above
}

/** Waits until the pipe has taken all of it. */
function send(answer: Answer, payload?: Uint8Array): void {
  for (const part of encodePipeFrame(answer, payload)) {
    for (let at = 0; at < part.length; ) at += writeSync(answersFd, part, at);
  }
}
