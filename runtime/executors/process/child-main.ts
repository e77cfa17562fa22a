/**
 * The program of a child process. It does nothing but start its two threads: the one that watches is on its way while all else is loaded,
 * and so nothing is loaded before it.
 */
import { Worker } from "node:worker_threads";
import type { Watch } from "./child-host.js";

const watch = startWatch();
const { serve } = await import("./child-host.js");
serve(watch);

function startWatch(): Watch {
  const thread = new Worker(new URL("./child-watch.js", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
  const isUp = new Promise<void>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  isUp.catch(() => {}); // whoever awaits it is told
  thread.once("exit", () => process.kill(process.pid, "SIGKILL")); // unwatched it may not go on
  return { isUp, begin: (start) => thread.postMessage(start) };
}
