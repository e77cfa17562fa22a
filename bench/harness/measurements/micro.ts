import { Bench } from "tinybench";
import { operationsOf } from "../../micro/families.js";
import type { Operation } from "../../micro/operation.js";

/** The operations of one part, each alone, by tinybench. The workload is the name of the part. */
export interface MicroParameters {
  readonly measure: "micro";
  readonly warmupMs: number;
  /** Time for each operation. */
  readonly measureMs: number;
  /** Fewest ready tasks that a policy is given. @defaultValue 1 */
  readonly readyTasksMin?: number;
  /** Most ready tasks that a policy is given. */
  readonly readyTasksMax: number;
}

export interface MicroSample {
  readonly operations: readonly MeasuredOperation[];
}

export interface MeasuredOperation {
  readonly name: string;
  /** Of one operation, in ns: the median of the batches. */
  readonly medianNs: number;
  /** How many operations a batch has, and how many batches were timed. */
  readonly calls: number;
  readonly batches: number;
}

/** Rejects when an operation does not do what it should. */
export async function measureMicro(family: string, parameters: MicroParameters): Promise<MicroSample> {
  const operations: MeasuredOperation[] = [];
  for (const operation of await operationsOf(family, parameters)) operations.push(measureOperation(operation, parameters));
  return { operations };
}

function measureOperation(operation: Operation, { warmupMs, measureMs }: MicroParameters): MeasuredOperation {
  const { name, calls } = operation;
  const bench = new Bench({ warmupTime: warmupMs, time: measureMs, warmup: true, throws: true, retainSamples: false });
  bench.add(name, () => operation.run());
  const [task] = bench.runSync();
  operation.check();
  const result = task?.result;
  if (result?.state !== "completed") throw new Error(`Cannot count ${name} as tinybench must complete it: ${result?.state}`);
  return { name, calls, medianNs: (result.latency.p50 / calls) * 1e6, batches: result.latency.samplesCount };
}
