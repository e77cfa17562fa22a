import { isDeepStrictEqual } from "node:util";
import { DataFlower, type TaskRecord } from "dataflower";
import { timeline, timelineDepths } from "../../workloads/timeline-workflow.js";

/** One run after some that do not count, with what each of its tasks did. Rejects when an answer is wrong. */
export async function measureTimeline({ threads, scheduler, warmupRuns }: { threads: number; scheduler: string; warmupRuns: number }) {
  await using engine = await DataFlower.start({ workflows: [timeline], workers: threads, store: "memory:", record: true, scheduler });
  let records: readonly TaskRecord[] = [];
  let makespanMs = 0;
  for (let run = 0; run <= warmupRuns; run++) {
    const submitted = await engine.submit(timeline, undefined);
    const answer = await submitted.result();
    if (!isDeepStrictEqual(answer, timelineDepths()))
      throw new Error(`Cannot count this run as its answer is wrong: ${JSON.stringify(answer)}`);
    records = await submitted.tasks();
    ({ makespanMs } = await submitted.summary());
  }
  return { makespanMs, records };
}
