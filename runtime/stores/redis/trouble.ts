/** What an error of a Redis server, or of the way to it, asks for. */
import type { ErrorCode } from "../../../actors/kernel/errors.js";

/**
 * - `retry`: passes by itself, on the same connection;
 * - `reconnect`: the connection is of no use, or leads to the wrong server, or nobody knows what became of the command;
 * - `pause`: passes when somebody has made room, or a replica is back: tried again at longer intervals;
 * - `fatal`: trying again changes nothing.
 */
export type Reaction = "retry" | "reconnect" | "pause" | "fatal";

export interface Trouble {
  readonly reaction: Reaction;
  /** Code of the error when it is given up. */
  readonly code: ErrorCode;
  /** What was answered, fit to be shown but for secrets: see {@link withoutSecrets}. */
  readonly text: string;
}

type Kind = readonly [Reaction, ErrorCode];

/** By the first word of an error that the server answers. */
export const answers: Readonly<Record<string, Kind>> = {
  OOM: ["pause", "DF_STORE_FULL"],
  MISCONF: ["pause", "DF_STORE_FULL"], // the disk refuses writes: most often it is full
  NOREPLICAS: ["pause", "DF_STORE_UNAVAILABLE"],
  LOADING: ["retry", "DF_STORE_UNAVAILABLE"],
  BUSY: ["retry", "DF_STORE_UNAVAILABLE"], // another script runs
  TRYAGAIN: ["retry", "DF_STORE_UNAVAILABLE"], // slots are on their way to another node
  CLUSTERDOWN: ["retry", "DF_STORE_UNAVAILABLE"],
  NOSCRIPT: ["retry", "DF_STORE_UNAVAILABLE"], // scripts were flushed between two commands
  READONLY: ["reconnect", "DF_STORE_UNAVAILABLE"], // a replica by now: another one is the master
  MASTERDOWN: ["reconnect", "DF_STORE_UNAVAILABLE"],
  NOAUTH: ["fatal", "DF_STORE_REFUSED"],
  WRONGPASS: ["fatal", "DF_STORE_REFUSED"],
  NOPERM: ["fatal", "DF_STORE_REFUSED"],
  DENIED: ["fatal", "DF_STORE_REFUSED"], // protected mode
  EXECABORT: ["fatal", "DF_STORE_REFUSED"], // answers MULTI, which is never sent
  CROSSSLOT: ["fatal", "DF_STORE_REFUSED"],
  MOVED: ["fatal", "DF_STORE_REFUSED"], // a node of a cluster that was named as a single server
  ASK: ["fatal", "DF_STORE_REFUSED"],
  WRONGTYPE: ["fatal", "DF_CHECKPOINT_CORRUPT"], // a key of ours holds something else
};

const otherAnswer: Kind = ["fatal", "DF_STORE_REFUSED"];
const noConnection: Kind = ["reconnect", "DF_STORE_UNAVAILABLE"];
const noRedis: Kind = ["reconnect", "DF_STORE_REFUSED"];

/** An answer that is no error of the server's, but is treated as one. */
export class TooFewReplicas extends Error {
  constructor(found: number, wanted: number) {
    super(`${found} of ${wanted} replicas have it`);
  }
}

export function troubleOf(error: unknown): Trouble {
  const [reaction, code] = kindOf(error);
  return { reaction, code, text: textOf(error) };
}

/** Takes secrets and whatever could steer a terminal out of a text. */
export function withoutSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  let shown = text.replace(/,? with args beginning with:.*/s, ""); // an unknown command is answered with its arguments
  for (const secret of secrets) {
    if (secret === undefined) continue;
    for (const form of [secret, encodeURIComponent(secret)]) shown = shown.replaceAll(form, "***");
  }
  return shown.replace(/[^\x20-\x7e]+/g, " ").slice(0, 300);
}

function kindOf(error: unknown): Kind {
  if (error instanceof TooFewReplicas) return ["pause", "DF_STORE_UNAVAILABLE"];
  if (!(error instanceof Error)) return noConnection;
  if (error.name === "ReplyError") return answerKind(error.message);
  const { code = "" } = error as NodeJS.ErrnoException;
  if (/^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|EPROTO$)/.test(code)) return otherAnswer;
  // The decoder of replies says so of bytes that are none.
  if (/Please report this|Unknown RESP type|Command queue state error/.test(error.message)) return noRedis;
  return noConnection;
}

function answerKind(message: string): Kind {
  if (/max number of clients/.test(message)) return ["retry", "DF_STORE_UNAVAILABLE"];
  const word = /^[A-Z]+/.exec(message)?.[0] ?? "";
  // Servers before version 7 put the error of a command into that of the script that has called it.
  const inner = /@user_script:\s?\d+: -?([A-Z]+)/.exec(message)?.[1] ?? "";
  return answers[word] ?? answers[inner] ?? otherAnswer;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  // An error that stands for several, as for all addresses of a name, has no message.
  return error.message === "" ? (code ?? error.name) : error.message;
}
