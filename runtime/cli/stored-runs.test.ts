/** Runs that outlive the program: real processes on real stores. */
import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { durableStoreNames, missingFor, type OpenStore, openDurableStore } from "../engine/fixtures/durable-stores.fixture.js";
import { type RawValue, readRaw, writeRaw } from "../engine/fixtures/raw-store.fixture.js";
import { CommandLine } from "./command-line.fixture.js";

const slow = (more = "") => `import { workflow } from "dataflower";
async function step(n) {
  console.error("step " + n);
  await new Promise((end) => setTimeout(end, n === 13 ? 60_000 : n === 3 ? 1_500 : 1));
  return n + 1;
}
function fail() { throw new Error("no luck"); }
export const slow = workflow({ name: "slow", module: import.meta.url }, (flow, input) => {
  const one = flow.task(step, input, { name: "one" });
  const two = flow.task(step, one, { name: "two" });
  ${more}
  return flow.task(step, two, { name: "three" });
});
export const bad = workflow({ name: "bad", module: import.meta.url }, (flow) => flow.task(fail, undefined, { retry: 1 }));
`;

const isEntryOf = (id: string, { key, field }: RawValue): boolean => key === `rmain\0${id}` || (key.endsWith(":runs") && field === id);

let line: CommandLine;
beforeAll(() => {
  line = new CommandLine({
    "package.json": `{ "type": "module" }`,
    "slow.js": slow(),
    "changed.js": slow(`flow.task(step, 0, { name: "four" });`),
  });
});
afterAll(() => line.remove());

describe.each(durableStoreNames)("on %s", (name) => {
  const missing = missingFor(name);
  if (missing !== undefined) console.warn(`SKIPPED the command line on ${name}: ${missing}`);
  let store: OpenStore;
  let at: string[];

  beforeEach(async () => {
    if (missing !== undefined) return;
    store = await openDurableStore(name);
    at = ["--store", store.orders.store, "--durability", store.orders.durability];
  });
  afterEach(() => store?.remove());

  const testHere = test.skipIf(missing !== undefined);
  const runSlow = (input = "1") =>
    line.start(["run", "slow.js", "--workflow", "slow", "--input", input, "--run-id", "june", "--workers", "1", ...at]);
  const statuses = async () => {
    const { stdout } = await line.run(["runs", "list", "--json", ...at]);
    return Object.fromEntries(
      stdout
        .split("\n")
        .filter((text) => text !== "")
        .map((text) => JSON.parse(text) as { runId: string; status: string })
        .map(({ runId, status }) => [runId, status]),
    );
  };

  testHere.each([
    ["SIGINT", 130],
    ["SIGTERM", 130],
    ["SIGKILL", null],
  ] as const)(
    "a run that %s interrupts is left, and resumed without what it has done",
    async (signal, code) => {
      const command = runSlow();
      await command.saying("step 3");
      command.signal(signal);
      const interrupted = await command.end();
      expect([interrupted.status, interrupted.stdout], interrupted.stderr).toEqual([code, ""]);
      if (signal !== "SIGKILL") {
        expect(interrupted.stderr).toContain(`dataflower resume slow.js --store ${store.orders.store}`);
        expect(interrupted.stderr).toContain("run june of slow unfinished");
      }
      expect(await statuses()).toEqual({ june: "unfinished" });
      const resumed = await line.run(["resume", "slow.js", "--json", "--workers", "1", ...at]);
      expect([resumed.status, resumed.stdout], resumed.stderr).toEqual([
        0,
        `{"runId":"june","workflow":"slow","status":"completed","output":4}\n`,
      ]);
      expect(resumed.stderr.match(/step \d/g)).toEqual(["step 3"]);
      expect(await statuses()).toEqual({ june: "completed" });
      const again = await line.run(["run", "slow.js", "--workflow", "slow", "--input", "1", "--run-id", "june", "--workers", "1", ...at]);
      expect([again.status, again.stdout, again.stderr.includes("step")]).toEqual([0, "4\n", false]);
      const nothing = await line.run(["resume", "slow.js", ...at]);
      expect(nothing).toEqual({ status: 0, stdout: "", stderr: "dataflower: nothing is unfinished\n" });
    },
    60_000,
  );

  testHere(
    "the same id resumes the run, an unfinished one too; another input is refused",
    async () => {
      const command = runSlow();
      await command.saying("step 3");
      command.signal("SIGKILL");
      await command.end();
      const other = await line.run(["run", "slow.js", "--workflow", "slow", "--input", "2", "--run-id", "june", "--workers", "1", ...at]);
      expect([other.status, other.stderr]).toEqual([2, expect.stringContaining("DF_RUN_CONFLICT")]);
      const again = await runSlow().end();
      expect([again.status, again.stdout, again.stderr.match(/step \d/g)]).toEqual([0, "4\n", ["step 3"]]);
    },
    60_000,
  );

  testHere(
    "a failed run is shown, tried again, cancelled and deleted",
    async () => {
      const failed = await line.run(["run", "slow.js", "--workflow", "bad", "--run-id", "b1", "--workers", "1", ...at]);
      expect(failed.status).toBe(1);
      const shown = await line.run(["runs", "show", "b1", "--json", ...at]);
      expect(JSON.parse(shown.stdout)).toMatchObject({ runId: "b1", workflow: "bad", status: "failed", error: { code: "DF_TASK_FAILED" } });
      expect((await line.run(["runs", "show", "b1", ...at])).stdout).toMatch(/^run +b1\nworkflow +bad\nstatus +failed\n[\s\S]*no luck/);
      expect((await line.run(["runs", "cancel", "b1", ...at])).stderr).toContain("must name a run that has not ended");

      expect((await line.run(["runs", "retry", "b1", ...at])).status).toBe(0);
      expect(await statuses()).toEqual({ b1: "unfinished" });
      expect((await line.run(["runs", "retry", "b1", ...at])).stderr).toContain("must name a run that failed or was cancelled");
      expect((await line.run(["runs", "delete", "b1", ...at])).stderr).toContain("cancel it first");
      const resumed = await line.run(["resume", "slow.js", "b1", "--workers", "1", ...at]);
      expect([resumed.status, resumed.stderr]).toEqual([1, expect.stringContaining("no luck")]);

      await line.run(["runs", "retry", "b1", ...at]);
      expect((await line.run(["runs", "cancel", "b1", ...at])).status).toBe(0);
      expect(await statuses()).toEqual({ b1: "cancelled" });
      const { stdout } = await line.run(["runs", "list", "--status", "cancelled", ...at]);
      expect(stdout).toMatch(/^RUN +WORKFLOW +STATUS +SUBMITTED +ENDED\nb1 +bad +cancelled +\S+Z +\S+Z\n$/);
      expect((await line.run(["runs", "delete", "b1", ...at])).status).toBe(0);
      expect(await statuses()).toEqual({});
      const gone = await line.run(["runs", "show", "b1", ...at]);
      expect([gone.status, gone.stderr]).toEqual([2, expect.stringContaining("DF_OPTION_INVALID")]);
    },
    60_000,
  );

  testHere(
    "a run of a changed workflow is left alone with the differences",
    async () => {
      const command = runSlow();
      await command.saying("step 3");
      command.signal("SIGKILL");
      await command.end();
      const changed = await line.run(["resume", "changed.js", "--workers", "1", ...at]);
      expect([changed.status, changed.stdout]).toEqual([2, ""]);
      expect(changed.stderr).toMatch(/DF_WORKFLOW_CHANGED[\s\S]*four/);
      expect(changed.stderr).not.toContain("step");
      expect(await statuses()).toEqual({ june: "unfinished" });
      expect((await line.run(["resume", "slow.js", "--workers", "1", ...at])).stdout).toBe("june: 4\n");
    },
    60_000,
  );

  testHere(
    "a damaged run is listed as such beside the others, and can be deleted",
    async () => {
      for (const id of ["good", "spoilt"]) {
        await line.run(["run", "slow.js", "--workflow", "bad", "--input", "0", "--run-id", id, "--workers", "1", ...at]);
      }
      const values = await readRaw(store.orders.store);
      const damaged = values.map((one) => ({ ...one, value: isEntryOf("spoilt", one) ? one.value.subarray(1) : one.value }));
      await writeRaw(store.orders.store, damaged);
      expect(await statuses()).toEqual({ good: "failed", spoilt: "damaged" });
      expect((await line.run(["runs", "list", ...at])).stdout).toMatch(/^spoilt +- +damaged/m);
      const shown = await line.run(["runs", "show", "spoilt", ...at]);
      expect([shown.status, shown.stderr]).toEqual([1, expect.stringMatching(/DF_CHECKPOINT_CORRUPT[\s\S]*spoilt/)]);
      expect((await line.run(["runs", "delete", "spoilt", ...at])).status).toBe(0);
      expect(await statuses()).toEqual({ good: "failed" });
    },
    60_000,
  );

  testHere(
    "a journal that a living process owns is refused",
    async () => {
      const command = runSlow("11");
      await command.saying("step 13");
      const busy = await line.run(["resume", "slow.js", ...at]);
      const changing = await line.run(["runs", "cancel", "june", ...at]);
      expect([busy.status, busy.stderr]).toEqual([2, expect.stringContaining("DF_STORE_BUSY")]);
      expect([changing.status, changing.stderr]).toEqual([2, expect.stringContaining("DF_STORE_BUSY")]);
      command.signal("SIGKILL");
      await command.end();
      expect(await statuses()).toEqual({ june: "unfinished" });
    },
    60_000,
  );
});

describe("what is wrong on the command line", () => {
  test.each([
    ["a store that ends with the process", ["runs", "list", "--store", "memory:"], "DF_OPTION_INVALID"],
    ["an unknown level", ["runs", "list", "--durability", "most"], "DF_OPTION_INVALID"],
    ["an unknown commit", ["run", "slow.js", "--commit", "never"], "DF_OPTION_INVALID"],
    ["an unknown status", ["runs", "list", "--status", "fine"], "DF_OPTION_INVALID"],
    ["a name that no journal has", ["runs", "list", "--journal", "a b"], "DF_SPEC_INVALID"],
    ["an id that no run has", ["runs", "show", "../x"], "DF_SPEC_INVALID"],
    ["a level that the heap cannot keep", ["run", "slow.js", "--store", "memory:", "--durability", "disk"], "DF_DURABILITY_UNSUPPORTED"],
    ["no id", ["runs", "delete"], "DF_OPTION_INVALID"],
  ])("%s is refused", async (_, options, code) => {
    const { status, stdout, stderr } = await line.run(options);
    expect([status, stdout, stderr]).toEqual([2, "", expect.stringContaining(code)]);
    rmSync(`${line.folder}/.dataflower`, { recursive: true, force: true });
  });

  test.each([
    ["redis://me:canary@127.0.0.1:1"],
    ["redis://me:can@ary@127.0.0.1:1/x"],
    ["redis://me:can/ary@127.0.0.1:1"],
    ["oracle://me:canary@127.0.0.1:1"],
  ])(
    "%s is refused, its password nowhere",
    async (url) => {
      for (const options of [
        ["runs", "list"],
        ["resume", "slow.js"],
        ["run", "slow.js", "--workflow", "slow", "--input", "1", "--json"],
      ]) {
        const command = line.start([...options, "--store", url]);
        const cut = setTimeout(() => command.signal("SIGKILL"), 3_000); // who waits for a server has said why by then
        const { status, stdout, stderr } = await command.end();
        clearTimeout(cut);
        expect(status).not.toBe(0);
        expect(stdout + stderr).not.toMatch(/canary|can@|ary@|can\/ary/);
      }
    },
    60_000,
  );
});
