/**
 * The four workflows of the DataFlower paper (Li et al., ASPLOS '24) as tables: what their functions wait for, compute, move and hold, each
 * figure with its source. The edges are those of the workflow files of its repository, FaaSFlow.
 *
 * What is recorded of functions is little, so much is derived or assumed, and says so. Results on these tables are results on a model.
 */

/** Where a figure comes from. Files are those of github.com/lzjzx1122/FaaSFlow; "v1.1" are its earlier workflow files with run times. */
export const sources = {
  "v1.1 runtime": "recorded: `runtime` of the function in its v1.1 flat_workflow.yaml, which does not contain the transfer of its data",
  "v1.1 size": "recorded: `size` of the function's outputs in its v1.1 flat_workflow.yaml, or of those that it reads",
  "v1.1 size, shared":
    "derived: recorded `size` in v1.1 flat_workflow.yaml of what all instances read or write together, divided by their number",
  "v1.1 split_ratio": "recorded: `split_ratio` of the function in its v1.1 flat_workflow.yaml",
  "v1.1 memory":
    "derived: `mem_usage` of the function in v1.1, a quarter of the 256 MB of a container (src/grouping/config.py), and the data that it moves",
  "input files": "counted: files of text that the function is started with, one an instance",
  svd__start: "read: the function's own source splits a matrix of 16,384 × 1,024 whole numbers of 8 bytes into 16 blocks of rows",
  numpy:
    "measured: processor time, peak memory and sizes of one process that executes the function's own lines, NumPy 2.4.6 with one thread of OpenBLAS, AMD EPYC",
  "waits for a service":
    "read: the function's own source does nothing but ask a translation service, or sleep in its place: its run time is waiting",
  tensorflow: "assumed: TensorFlow with a ResNet-50 of 98 MB does not fit into the 256 MB of v1.1, whose `mem_usage` is the same for all",
  "one function": "read: the workflow file starts it once",
  nothing: "read: the workflow file and the function's own source move or compute nothing worth counting",
} as const;

export interface Figure {
  readonly value: number;
  readonly source: keyof typeof sources;
}

export interface TabledFunction {
  readonly name: string;
  /** Instances that run side by side: the width of a FOREACH. */
  readonly width: Figure;
  /** Names of functions whose data it waits for: of all their instances. */
  readonly after: readonly string[];
  /** Time of one thread at full speed, in ms. */
  readonly computeMs: Figure;
  /** Time that it waits for others than its storage, in ms. */
  readonly waitMs: Figure;
  readonly readBytes: Figure;
  readonly writtenBytes: Figure;
  /** In MB of 2²⁰ bytes, the most at any time. */
  readonly peakMb: Figure;
}

export interface TabledWorkflow {
  readonly name: string;
  /** Of each function that decides by a SWITCH: the condition that holds. So its own source says, whatever the input. */
  readonly arms: Readonly<Record<string, string>>;
  readonly functions: readonly TabledFunction[];
}

/** 400 Mbit/s: what a container with one core gets in src/container/scripts/1.0.sh of FaaSFlow, both ways together here. */
export const bytesPerMs = 50_000;

const MB = 2 ** 20;
/** A quarter of 256 MB. */
const smallMb = 64;

const once: Figure = { value: 1, source: "one function" };
const none: Figure = { value: 0, source: "nothing" };
const runtime = (seconds: number): Figure => ({ value: seconds * 1e3, source: "v1.1 runtime" });
const size = (bytes: number): Figure => ({ value: bytes, source: "v1.1 size" });
const shared = (bytes: number, width: number): Figure => ({ value: bytes / width, source: "v1.1 size, shared" });
const measured = (value: number): Figure => ({ value, source: "numpy" });

type Recorded = Partial<Omit<TabledFunction, "name" | "computeMs">> & Pick<TabledFunction, "name" | "computeMs">;

/** A function of which v1.1 tells: it holds what it moves. */
function recorded({ width = once, after = [], waitMs = none, readBytes = none, writtenBytes = none, ...given }: Recorded): TabledFunction {
  const heldMb = smallMb + Math.ceil((readBytes.value + writtenBytes.value) / MB);
  return { width, after, waitMs, readBytes, writtenBytes, peakMb: { value: heldMb, source: "v1.1 memory" }, ...given };
}

const image = size(1_327_839);
const withTensorFlow: Figure = { value: 1024, source: "tensorflow" };

const recognizer: TabledWorkflow = {
  name: "recognizer",
  arms: { recognizer__adult: "default", recognizer__violence: "default", recognizer__censor: "illegal==True" },
  functions: [
    recorded({ name: "recognizer__upload", computeMs: runtime(0.02), writtenBytes: image }),
    recorded({
      name: "recognizer__adult",
      after: ["recognizer__upload"],
      computeMs: runtime(1.48),
      readBytes: image,
      peakMb: withTensorFlow,
    }),
    recorded({
      name: "recognizer__violence",
      after: ["recognizer__upload"],
      computeMs: runtime(1.19),
      readBytes: image,
      peakMb: withTensorFlow,
    }),
    recorded({
      name: "recognizer__extract",
      after: ["recognizer__upload", "recognizer__adult", "recognizer__violence"],
      computeMs: runtime(3.86),
      readBytes: image,
    }),
    recorded({
      name: "recognizer__translate",
      after: ["recognizer__extract"],
      computeMs: { value: 0, source: "waits for a service" },
      waitMs: runtime(1.02),
    }),
    recorded({ name: "recognizer__censor", after: ["recognizer__translate"], computeMs: runtime(0.02) }),
    recorded({
      name: "recognizer__mosaic",
      after: ["recognizer__upload", "recognizer__censor"],
      computeMs: runtime(20.43),
      readBytes: image,
      writtenBytes: image,
    }),
  ],
};

const segments: Figure = { value: 3, source: "v1.1 split_ratio" };
const wholeVideo = 51_724_615;
const previewBytes = 4_439_111;
const transcodedBytes = 22_694_084;

const video: TabledWorkflow = {
  name: "video",
  arms: { video__upload: "split==True" },
  functions: [
    recorded({ name: "video__upload", computeMs: runtime(3.8), writtenBytes: size(wholeVideo + previewBytes) }),
    recorded({
      name: "video__split",
      after: ["video__upload"],
      computeMs: runtime(0.63),
      readBytes: size(wholeVideo),
      writtenBytes: size(wholeVideo),
    }),
    recorded({
      name: "video__transcode",
      width: segments,
      after: ["video__upload", "video__split"],
      computeMs: runtime(1.74),
      readBytes: shared(wholeVideo, segments.value),
      writtenBytes: shared(transcodedBytes, segments.value),
    }),
    recorded({
      name: "video__merge",
      after: ["video__upload", "video__split", "video__transcode"],
      computeMs: runtime(0.28),
      readBytes: size(transcodedBytes),
      writtenBytes: size(22_663_904),
    }),
  ],
};

const books: Figure = { value: 8, source: "input files" };
const textBytes = 3_383_449;
const countsBytes = 736_992;

const wordcount: TabledWorkflow = {
  name: "wordcount",
  arms: {},
  functions: [
    recorded({ name: "wordcount__start", computeMs: runtime(0.02), writtenBytes: size(textBytes) }),
    recorded({
      name: "wordcount__count",
      width: books,
      after: ["wordcount__start"],
      computeMs: runtime(0.12),
      readBytes: shared(textBytes, books.value),
      writtenBytes: shared(countsBytes, books.value),
    }),
    recorded({
      name: "wordcount__merge",
      after: ["wordcount__start", "wordcount__count"],
      computeMs: runtime(0.05),
      readBytes: size(countsBytes),
      writtenBytes: size(325_053),
    }),
  ],
};

const blocks: Figure = { value: 16, source: "svd__start" };
const blockBytes = 8_388_819;
const factorBytes = 12_202_564;

const svd: TabledWorkflow = {
  name: "svd",
  arms: {},
  functions: [
    {
      name: "svd__start",
      width: once,
      after: [],
      computeMs: measured(220),
      waitMs: none,
      readBytes: none,
      writtenBytes: measured(blockBytes * blocks.value),
      peakMb: measured(180),
    },
    {
      name: "svd__compute",
      width: blocks,
      after: ["svd__start"],
      computeMs: measured(470),
      waitMs: none,
      readBytes: measured(blockBytes),
      writtenBytes: measured(factorBytes),
      peakMb: measured(131),
    },
    {
      name: "svd__merge",
      width: once,
      after: ["svd__start", "svd__compute"],
      computeMs: measured(1_830),
      waitMs: none,
      readBytes: measured(factorBytes * blocks.value),
      writtenBytes: none,
      peakMb: measured(481),
    },
  ],
};

export const fourWorkflows: readonly TabledWorkflow[] = [recognizer, svd, video, wordcount];

/** One function as an instance of it runs, with what it waits for by position. */
export interface TabledInstance {
  readonly name: string;
  /** Waiting for its storage and for others. */
  readonly ioMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly after: readonly number[];
}

/** All instances, each after those that it waits for. */
export function instancesOf({ functions }: TabledWorkflow): readonly TabledInstance[] {
  const instances: TabledInstance[] = [];
  const positions = new Map<string, readonly number[]>();
  for (const { name, width, after, computeMs, waitMs, readBytes, writtenBytes, peakMb } of functions) {
    const instance = {
      ioMs: waitMs.value + (readBytes.value + writtenBytes.value) / bytesPerMs,
      cpuMs: computeMs.value,
      peakMb: peakMb.value,
      after: after.flatMap((producer) => positions.get(producer)!),
    };
    positions.set(
      name,
      Array.from({ length: width.value }, (_, index) => instances.length + index),
    );
    for (let index = 0; index < width.value; index++) instances.push({ name: width.value === 1 ? name : `${name}[${index}]`, ...instance });
  }
  return instances;
}
