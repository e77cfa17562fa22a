/**
 * The watch thread of a child process: sees what the main thread cannot while a handler holds it. It ends the process when the worker
 * that made it is gone, or when it has taken more memory than it may.
 *
 * Memory is measured and not limited beforehand: V8 reserves far more addresses than it uses, and an allocation that the system refuses
 * is an error that a handler may catch and call something else. Heap is limited beforehand, too, by V8 (see node-arguments.ts).
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { parentPort } from "node:worker_threads";
import { after } from "../../observe/system-clock.js";
import { lifelineFd } from "./child-pipes.js";
import type { WatchStart } from "./protocol.js";
import { openResidentPeak } from "./resident-peak.js";

/** Memory is looked at this often, in ms. */
const lookMs = 5;

const end = (): void => void process.kill(process.pid, "SIGKILL");
const lifeline = new Socket({ fd: lifelineFd });
lifeline.on("close", end).on("error", end).resume();

parentPort?.once("message", ({ loadedBytes, memoryBytesMax }: WatchStart) => {
  const peakBytes = openResidentPeak();
  const look = (): void => {
    if (peakBytes() - loadedBytes > memoryBytesMax) exhausted();
    after(lookMs, look);
  };
  look();
});

parentPort?.postMessage(null); // it is up

function exhausted(): void {
  try {
    writeSync(lifelineFd, "!");
  } finally {
    end();
  }
}
