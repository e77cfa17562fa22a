import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { builtUrl } from "../engine/fixtures/built.fixture.js";
import { runProgram } from "../engine/fixtures/program.fixture.js";
import { forgeOwnerLock } from "./lmdb/forged-lock.fixture.js";
import { connectLmdb } from "./lmdb-store.js";
import { storeConformance } from "./store.conformance.js";

const program = fileURLToPath(builtUrl("runtime/stores/lmdb/program.fixture"));

for (const durability of ["process", "disk"] as const) {
  storeConformance({
    name: `connectLmdb at ${durability}`,
    makePlace: async () => {
      const folder = mkdtempSync(join(tmpdir(), "dataflower-lmdb-"));
      return {
        connect: () => connectLmdb(`lmdb:${folder}`, { durability, unavailableMsMax: 1_000, replicas: 0 }),
        usurp: async () => {
          forgeOwnerLock(folder, { started: "earlier" }); // as if this process's number had belonged to another one
          const { stdout, status } = await runProgram([program, "usurp", folder, durability]);
          expect({ stdout: stdout.slice(0, 6), status }).toEqual({ stdout: "opened", status: null });
        },
        remove: async () => rmSync(folder, { recursive: true }),
      };
    },
    modelRuns: durability === "disk" ? 10 : 40,
  });
}
