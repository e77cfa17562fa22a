import { builtUrl } from "../engine/fixtures/built.fixture.js";
import { executorConformance, outputBytesMax } from "./executor.conformance.js";
import { HandlerExecutor } from "./handler-executor.js";
import { ProcessExecutor } from "./process/process-executor.js";

executorConformance({
  name: "HandlerExecutor",
  open: () => ({ executor: new HandlerExecutor({ nowMs: () => 7, beat() {} }), close: async () => {} }),
  skips: [
    { group: "attempts that hold their thread", reason: "handlers are called on the thread that starts them" },
    { group: "attempts that end their process", reason: "it is the process of all" },
  ],
});

executorConformance({
  name: "ProcessExecutor",
  open: () => {
    const executor = new ProcessExecutor({
      worker: 0,
      program: new URL(builtUrl("runtime/executors/process/child-main")),
      limits: { processesMax: 4, idleMs: 60_000, graceMs: 100, outputBytesMax, memoryBytesMax: 2 ** 28, failedStartsMax: 5 },
      beat() {},
      onColdStart() {},
    });
    const module = builtUrl("runtime/executors/behaviours.fixture");
    executor.register(0, { workflow: "simulated", source: { kind: "exports", handlers: [{ module, name: "behave" }] } });
    return { executor, close: () => executor.close() };
  },
  skips: [
    { group: "attempts that end at once", reason: "every attempt crosses a pipe" },
    { group: "errors that are the very same", reason: "what is thrown comes back as data" },
  ],
});
