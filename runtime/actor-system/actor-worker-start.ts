import type { MessagePort } from "node:worker_threads";
import type { MailboxOptions, SpawnOptions } from "../../actors/local/spawn-settings.js";
import type { Address } from "../codec/message-codec.js";
import type { ActorRegionPlan } from "./actor-regions.js";

/** What a thread of an actor system is given at its start. Everything here survives a structured clone; the ports are transferred. */
export interface ActorWorkerStart {
  readonly thread: number;
  readonly incarnation: number;
  readonly plan: ActorRegionPlan;
  readonly buffer: SharedArrayBuffer;
  /** Where links to other threads come from: those that live already have been posted. */
  readonly news: MessagePort;
  /** Control calls. */
  readonly controlPort: MessagePort;
  readonly spinUs: number;
  readonly mailbox: MailboxOptions | undefined;
  /** Actors whose names everybody may look up. */
  readonly names: readonly Address[];
  /** Actors to start again before the first message is handled. */
  readonly kept: readonly SpawnRequest[];
}

/** An actor that a thread is to spawn. */
export interface SpawnRequest {
  /** Its number, which the control thread has chosen. */
  readonly id: number;
  readonly name: string;
  /** `file:` URL of the module. */
  readonly module: string;
  readonly export: string;
  /** The start arguments, as a message. */
  readonly args: Uint8Array;
  readonly options: SpawnOptions;
}

/** What the thread tells of it. */
export interface Spawned {
  /** Whether its supervision starts it again when its thread ends. */
  readonly isRestartedAfterLoss: boolean;
}
