import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const built = (path: string) => fileURLToPath(new URL(`./dist/${path}`, import.meta.url));

// Tests that start threads import the public doors; they run the compiled package, exactly as a user's program does.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^dataflower$/, replacement: built("runtime/index.js") },
      { find: /^dataflower\/actors$/, replacement: built("runtime/actor-system/index.js") },
      { find: /^dataflower\/schedulers$/, replacement: built("schedulers/index.js") },
      { find: /^dataflower\/simulation$/, replacement: built("runtime/simulation/index.js") },
    ],
  },
  test: {
    include: ["{runtime,actors,schedulers,bench,scripts}/**/*.test.ts"],
    reporters: ["default", "./scripts/guarantee-reporter.ts", "./scripts/count-reporter.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    server: { deps: { external: [/\/dist\//] } },
  },
});
