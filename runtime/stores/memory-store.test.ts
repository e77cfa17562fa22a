import { MemoryStore } from "./memory-store.js";
import { storeConformance } from "./store.conformance.js";

storeConformance({
  name: "MemoryStore",
  makePlace: async () => {
    const store = new MemoryStore();
    return { connect: async () => store, remove: () => store.close() };
  },
  skips: [{ group: "owners that are replaced", reason: "an owner in this heap lives as long as the heap" }],
  modelRuns: 200,
});
