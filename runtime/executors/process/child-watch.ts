/**
 * The watch thread of a child process: sees what the main thread cannot while a handler holds it. It ends the process when the worker
 * that made it is gone, or when it has taken more memory than it may.
 *
 * Memory is measured and not limited beforehand: V8 reserves far more addresses than it uses, and an allocation that the system refuses
 * is an error that a handler may catch and call something else. Heap is limited beforehand, too, by V8 (see node-arguments.ts).
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { assert } from "../../../actors/kernel/assert.js";
import { encodePipeFrame } from "../../codec/pipe-frame.js";
import { after } from "../../observe/system-clock.js";
import { type Answer, lifelineFd, type WatchStart } from "./protocol.js";
import { openResidentPeak } from "./resident-peak.js";

/** Memory is looked at this often, in ms. */
const lookMs = 5;

assert(!isMainThread, "child-watch.ts is loaded inside a thread of a child process only");
const { memoryBytesMax } = workerData as WatchStart; // its only maker is child-main.ts

const end = (): void => void process.kill(process.pid, "SIGKILL");
const lifeline = new Socket({ fd: lifelineFd });
lifeline.on("close", end).on("error", end).resume();

parentPort?.once("message", (loadedBytes: number) => {
  const peakBytes = openResidentPeak();
  const look = (): void => {
    if (peakBytes() - loadedBytes > memoryBytesMax) exhausted();
    after(lookMs, look);
  };
  look();
});

parentPort?.postMessage(null); // it is up

function exhausted(): void {
  const [head] = encodePipeFrame({ kind: "exhausted", number: 0 } satisfies Answer);
  try {
    writeSync(lifelineFd, head);
  } finally {
    end();
  }
}
