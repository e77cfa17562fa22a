import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CpuProfile, type SelfTime, selfTimes } from "./cpu-profile.js";

/** One thread of a profiled process. */
export interface ProfiledThread {
  /** What it is by the functions that were met in it, with its number in the process: `worker (thread 1)`. */
  readonly name: string;
  /** Of its profile. */
  readonly file: string;
  readonly selfTimes: readonly SelfTime[];
}

/** `CPU.20260131.120000.PROCESS.THREAD.001.cpuprofile`; the main thread is 0. */
const THREAD_IN_NAME = /\.(\d+)\.\d+\.cpuprofile$/;
const ONLY_IN_WORKERS = /\/runtime\/worker\/(loop|worker-main)\.js$/;

/**
 * The profiles that a process left in a folder, by the number of the thread.
 *
 * @param fromMs so much of the beginning of each thread is left out
 */
export function readProfiledThreads(folder: string, fromMs: number): ProfiledThread[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const thread = THREAD_IN_NAME.exec(file)?.[1];
      return thread === undefined ? [] : [{ file, thread: Number(thread) }];
    })
    .sort((a, b) => a.thread - b.thread)
    .map(({ file, thread }) => {
      const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile; // as: what Node writes under this name
      return { name: nameOf(thread, profile), file, selfTimes: selfTimes(profile, fromMs * 1e3) };
    });
}

function nameOf(thread: number, { nodes }: CpuProfile): string {
  if (thread === 0) return "main thread: submits, controls, checks answers";
  const isWorker = nodes.some(({ callFrame }) => ONLY_IN_WORKERS.test(callFrame.url));
  return `${isWorker ? "worker" : "another thread"} (thread ${thread})`;
}
