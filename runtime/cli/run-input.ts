import { createReadStream } from "node:fs";
import { DataFlowerError } from "../../actors/kernel/errors.js";

/** Longest JSON text that is read, in bytes. What it holds is measured again, encoded, against limits.outputBytesMax. */
export const inputBytesMax = 128 * 1024 * 1024;

/**
 * The input of a run from its option: JSON itself, `@file`, or `-` for standard input.
 *
 * @returns undefined where the option was not given
 * @throws DF_INPUT_INVALID, DF_RESULT_TOO_LARGE
 */
export async function readInput(given: string | undefined): Promise<unknown> {
  if (given === undefined) return undefined;
  if (given === "-") return parse(await readText(process.stdin, "standard input"), "standard input");
  if (given.startsWith("@")) return parse(await readText(createReadStream(given.slice(1)), given.slice(1)), given.slice(1));
  return parse(given, "--input");
}

async function readText(stream: AsyncIterable<Buffer>, source: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > inputBytesMax) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    refuse(source, "it must be readable", messageOf(cause));
  }
  if (bytes > inputBytesMax) {
    throw new DataFlowerError(
      "DF_RESULT_TOO_LARGE",
      `Cannot read the input from ${source} as it must be at most ${inputBytesMax} bytes: found more`,
    );
  }
  return decode(Buffer.concat(chunks), source);
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    refuse(source, "it must be UTF-8", "other bytes");
  }
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    refuse(source, "it must be JSON", messageOf(cause));
  }
}

function refuse(source: string, rule: string, found: string): never {
  throw new DataFlowerError("DF_INPUT_INVALID", `Cannot read the input from ${source} as ${rule}: found ${found}`);
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
