import { inspect } from "node:util";
import type { RedisTiming } from "../redis-store.js";
import type { Commit, Journal, Store, StoreOptions } from "../store.js";

export const options: StoreOptions = { durability: "disk", unavailableMsMax: 20_000, replicas: 1 };

/** Short enough for tests that wait for a lease to end, long enough for a machine with other work. */
export const timing: RedisTiming = { leaseMs: 1_500, renewMs: 300, commandMs: 1_000 };

/** A commit that tells in every place which one it is. */
export function commitAt(position: number, more: Partial<Commit> = {}): Commit {
  const entry = new TextEncoder().encode(`entry ${position}`);
  return {
    position,
    record: new TextEncoder().encode(`record ${position}`),
    runs: [{ id: `run-${position}`, entry, end: entry }],
    ...more,
  };
}

/** Commits these positions one after the other. */
export async function commitAll(journal: Journal, from: number, to: number): Promise<void> {
  for (let position = from; position <= to; position++) await journal.commit(commitAt(position));
}

/** What is wrong with a journal that must hold the commits `from` to `to`, all of them and nothing else. */
export async function differences(journal: Journal, from: number, to: number): Promise<string[]> {
  const wanted = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const found: string[] = [];
  for await (const { position, record } of journal.records(from)) {
    if (new TextDecoder().decode(record) !== `record ${position}`) found.push(`record ${position} is another one`);
    if (position !== wanted.shift()) found.push(`record ${position} is not in order`);
  }
  if (wanted.length > 0) found.push(`records ${wanted} are missing`);
  const ids = (await journal.runs(undefined, 1_000_000)).map(({ id }) => Number(id.slice("run-".length))).sort((a, b) => a - b);
  if (ids.length !== to) found.push(`${ids.length} runs instead of ${to}`);
  for (const [index, id] of ids.entries()) if (id !== index + 1) found.push(`run ${id} stands at ${index + 1}`);
  return found;
}

/** Code of the error, and all that can be seen of it. */
export async function refusal(promise: Promise<unknown>): Promise<{ readonly code: unknown; readonly text: string }> {
  try {
    const value = await promise;
    if (value !== null && typeof value === "object" && "close" in value) await (value as Store).close();
    return { code: "nothing was thrown", text: "" };
  } catch (error) {
    return { code: (error as { code?: unknown }).code, text: inspect(error, { depth: 20, showHidden: true }) };
  }
}

export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return (await refusal(promise)).code;
}
