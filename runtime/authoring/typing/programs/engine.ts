// Programs that must compile and use an engine; they run nowhere.
import { DataFlower, DataFlowerError, type Engine, type Ref, type TaskContext, workflow } from "dataflower";
import { z } from "zod";

// ETL: pages of a source, retries, a poison record that must not stop the load.
interface Order {
  id: string;
  cents: number;
  placed: Date;
}
async function listPages({ day }: { day: string }): Promise<string[]> {
  return [`${day}/1`, `${day}/2`];
}
async function extract({ page }: { page: string }, context: TaskContext): Promise<{ rows: unknown[]; cursor?: string }> {
  const answer = await fetch(`http://127.0.0.1/${page}`, {
    signal: context.signal,
    headers: { "idempotency-key": context.idempotencyKey },
  });
  return { rows: (await answer.json()) as unknown[] };
}
const order = z.object({ id: z.string(), cents: z.number().int(), placed: z.coerce.date() });
function transform({ rows }: { rows: unknown[] }): { good: Order[]; bad: number } {
  const parsed = rows.map((row) => order.safeParse(row));
  return { good: parsed.flatMap((one) => (one.success ? [one.data] : [])), bad: parsed.filter((one) => !one.success).length };
}
async function load({ batches, day }: { batches: { good: Order[]; bad: number }[]; day: string }, context: TaskContext) {
  context.heartbeat({ day });
  return { rows: batches.reduce((n, b) => n + b.good.length, 0), refused: batches.reduce((n, b) => n + b.bad, 0) };
}
export const etl = workflow(
  { name: "etl", module: import.meta.url, input: z.object({ day: z.iso.date() }), whenTaskFails: "continue", defaults: { timeout: "1m" } },
  (flow, input) => {
    const pages = flow.task(listPages, { day: input.day });
    const batches = flow.map(
      pages,
      (page) => {
        const retry = { attempts: 5, backoff: "exponential", delay: "200ms", nonRetryable: ["E_GONE"] } as const;
        const raw = flow.task(extract, { page }, { retry, fallback: { rows: [] } });
        return flow.task(transform, { rows: raw.rows });
      },
      { concurrency: 8 },
    );
    return flow.task(load, { batches, day: input.day }, { retry: 3, heartbeatTimeout: "10s" });
  },
);

// Text on many cores: split at run time, count, merge by a tree.
async function split({ path, chunks }: { path: string; chunks: number }): Promise<{ from: number; to: number }[]> {
  return [{ from: 0, to: path.length + chunks }];
}
function count({ path, from, to }: { path: string; from: number; to: number }): Map<string, number> {
  return new Map([[path, to - from]]);
}
function merge(parts: Map<string, number>[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const part of parts) for (const [word, times] of part) all.set(word, (all.get(word) ?? 0) + times);
  return all;
}
function top(words: Map<string, number>): [word: string, times: number][] {
  return [...words].sort((a, b) => b[1] - a[1]).slice(0, 20);
}
export const wordCount = workflow({ name: "word-count", module: import.meta.url }, (flow, input: Ref<{ path: string; chunks: number }>) => {
  const ranges = flow.task(split, input);
  const parts = flow.map(ranges, (range) => flow.task(count, { path: input.path, from: range.from, to: range.to }));
  return flow.task(top, flow.reduce(parts, merge, { arity: 8 }));
});

const engine: Engine = await DataFlower.start({ workflows: [etl, wordCount], workers: 2 });
try {
  const loaded = await engine.run(etl, { day: "2026-11-23" }, { runId: "etl-2026-11-23" });
  const rows: number = loaded.rows;
  const run = await engine.submit(wordCount, { path: "a.txt", chunks: 8 });
  const word: string | undefined = (await run.result())[0]?.[0];
  console.log(rows, word, run.id, await run.status());
  for await (const end of engine.submitAll(wordCount, [{ path: "a.txt", chunks: 8 }], { inFlight: 100 })) {
    if (end.status === "completed") console.log(end.index, end.output[0]?.[1].toFixed());
    else console.error(end.runId, end.error);
  }
  console.log((await engine.latency("end-to-end")).p99, (await engine.latency("service", "count")).max);
} catch (error) {
  if (error instanceof DataFlowerError && error.code === "DF_TASK_FAILED") console.error(error.task, error.attempts, error.cause);
} finally {
  await engine.close({ grace: "10s" });
}
