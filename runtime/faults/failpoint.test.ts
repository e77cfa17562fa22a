import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtUrl } from "../engine/fixtures/built.fixture.js";
import { type ProgramEnd, runProgram } from "../engine/fixtures/program.fixture.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "failpoints-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Environment {
  readonly NODE_ENV?: string;
  readonly DF_FAILPOINTS?: string;
  readonly DF_FAILPOINTS_DIR?: string;
}

const importing = `const { failpoint } = await import(${JSON.stringify(builtUrl("runtime/faults/failpoint"))});`;

/** Runs a program that has `failpoint`, `say` and `inThread`, and exactly these of the variables that matter. */
function program(body: string, environment: Environment): Promise<ProgramEnd> {
  return runProgram([
    "--input-type=module",
    "--eval",
    `for (const name of ["NODE_ENV", "DF_FAILPOINTS", "DF_FAILPOINTS_DIR"]) delete process.env[name];
     Object.assign(process.env, ${JSON.stringify(environment)});
     import { writeSync } from "node:fs";
     import { once } from "node:events";
     import { Worker } from "node:worker_threads";
     const say = (text) => writeSync(1, text + "\\n");
     const inThread = (body) => {
       const code = \`(async () => { const say = \${say}; const { writeSync } = require("node:fs"); ${importing} \${body} })();\`;
       return once(new Worker(code, { eval: true, execArgv: [] }), "exit");
     };
     ${importing}
     ${body}`,
  ]);
}

const planted = (DF_FAILPOINTS: string): Environment => ({ NODE_ENV: "test", DF_FAILPOINTS });

/** As planted(), with a new folder for proofs. */
function proved(DF_FAILPOINTS: string): { environment: Environment; proofs: () => Record<string, unknown> } {
  const DF_FAILPOINTS_DIR = mkdtempSync(join(folder, "proofs-"));
  const read = (name: string): unknown => JSON.parse(readFileSync(join(DF_FAILPOINTS_DIR, name), "utf8"));
  return {
    environment: { ...planted(DF_FAILPOINTS), DF_FAILPOINTS_DIR },
    proofs: () => Object.fromEntries(readdirSync(DF_FAILPOINTS_DIR).map((name) => [name, read(name)])),
  };
}

const pass = `say("before"); failpoint("run.acked"); say("after");`;
const passed = { status: 0, stdout: "before\nafter\n", stderr: "" };

describe("failpoint() does nothing", () => {
  test.each<[string, Environment]>([
    ["outside of tests", { NODE_ENV: "production", DF_FAILPOINTS: "run.acked=kill9" }],
    ["where no environment is named", { DF_FAILPOINTS: "run.acked=kill9" }],
    ["outside of tests, whatever the plan says", { DF_FAILPOINTS: "nonsense" }],
    ["in tests that plant nothing", { NODE_ENV: "test" }],
    ["where nothing is planted", planted("run.final=kill9")],
  ])("%s", async (_, environment) => {
    expect(await program(pass, environment)).toEqual(passed);
  });

  test("and is frozen then", async () => {
    const { stdout } = await program("say(String(Object.isFrozen(failpoint)))", {});
    expect(stdout).toBe("true\n");
  });
});

describe("failpoint() acts", () => {
  test("kill9: the process is killed at this line, and has left a proof", async () => {
    const { environment, proofs } = proved("run.acked=kill9");
    expect(await program(pass, environment)).toEqual({ status: null, stdout: "before\n", stderr: "" });
    expect(proofs()).toEqual({ "run.acked": { pid: expect.any(Number), thread: 0, pass: 1 } });
  });

  test("kill9 in a thread ends the process too", async () => {
    expect(await program(`await inThread(${JSON.stringify(pass)}); say("main");`, planted("run.acked=kill9"))).toMatchObject({
      status: null,
      stdout: "before\n",
    });
  });

  test("throw", async () => {
    const { stdout } = await program(`try { failpoint("run.acked"); } catch (error) { say(error.message); }`, planted("run.acked=throw"));
    expect(stdout).toBe("Failpoint run.acked was told to throw\n");
  });

  test("delay: the thread blocks for the time, timers and all", async () => {
    const { status, stdout } = await program(
      `let isLate = false; setTimeout(() => { isLate = true; }, 1); const from = performance.now();
       failpoint("run.acked"); say(String(performance.now() - from >= 99 && !isLate));`,
      planted("run.acked=delay:100"),
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "true\n" });
  });

  test("hang: the thread never goes on, and can be terminated", async () => {
    const { status, stdout } = await program(
      `const worker = new Worker(\`(async () => { ${importing} require("node:worker_threads").parentPort.postMessage(1);
         failpoint("run.acked"); process.exit(0); })();\`, { eval: true, execArgv: [] });
       await once(worker, "message");
       const end = await Promise.race([once(worker, "exit"), new Promise((resolve) => setTimeout(resolve, 200, "hangs"))]);
       say(String(end)); await worker.terminate();`,
      planted("run.acked=hang"),
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "hangs\n" });
  });

  test("terminate-self: the thread ends at this line, the process goes on", async () => {
    const { status, stdout } = await program(
      `say(String(await inThread('try { ' + ${JSON.stringify(pass)} + ' } catch { say("caught"); } finally { say("finally"); }')));`,
      planted("run.acked=terminate-self"),
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "before\n1\n" });
  });

  test("terminate-self on the main thread ends the process", async () => {
    expect(await program(pass, planted("run.acked=terminate-self"))).toMatchObject({ status: 1, stdout: "before\n" });
  });
});

describe("failpoint() fires", () => {
  const count = `let thrown = 0;
    const tryOften = (times) => { for (let n = 1; n <= times; n++) try { failpoint("run.acked"); } catch { say("fired at " + n); } };`;

  test("at every pass, or at the one that was named, counted in each thread", async () => {
    expect((await program(`${count} tryOften(3);`, planted("run.acked=throw"))).stdout).toBe("fired at 1\nfired at 2\nfired at 3\n");
    const body = `${count} tryOften(4);`;
    const { stdout } = await program(`await inThread(${JSON.stringify(body)}); ${body}`, planted("run.acked=throw@3"));
    expect(stdout).toBe("fired at 3\nfired at 3\n");
  });

  test("once in all threads and processes that leave their proofs in one folder", async () => {
    const { environment, proofs } = proved("run.acked=throw@2;run.final=hang");
    const body = `${count} tryOften(4);`;
    const threads = `await Promise.all([1, 2, 3].map(() => inThread(${JSON.stringify(body)}))); ${body}`;
    expect((await program(threads, environment)).stdout).toBe("fired at 2\n");
    expect((await program(threads, environment)).stdout).toBe("");
    expect(proofs()).toEqual({ "run.acked": { pid: expect.any(Number), thread: expect.any(Number), pass: 2 } });
  });
});

describe("unreliable()", () => {
  /** A ring whose producer sends four frames; tells what its consumer finds. */
  const ring = `
    const { unreliable } = await import(${JSON.stringify(builtUrl("runtime/faults/unreliable-producer"))});
    const { ByteRing } = await import(${JSON.stringify(builtUrl("runtime/memory/byte-ring"))});
    const ring = new ByteRing(new SharedArrayBuffer(ByteRing.bytes(1024)), 0, 1024);
    const claimed = ring.claimProducer();
    const producer = unreliable(claimed, "result.sent");
    const consumer = ring.claimConsumer();
    for (const number of [1, 2, 3, 4]) say(String(producer.offer(Uint8Array.of(number))));
    try { for (let frame = consumer.take(); frame !== undefined; frame = consumer.take()) say("took " + frame[0]); }
    catch (error) { say(error.code); }`;
  const offered = "true\n".repeat(4);

  test.each([
    ["result.sent=drop@3", "took 1\ntook 2\nDF_RING_CORRUPT\n"],
    ["result.sent=drop@4", "took 1\ntook 2\ntook 3\nDF_RING_CORRUPT\n"],
    ["result.sent=drop", "DF_RING_CORRUPT\n"],
    ["result.sent=double@3", "took 1\ntook 2\ntook 3\nDF_RING_CORRUPT\n"],
    ["result.sent=double@4", "took 1\ntook 2\ntook 3\ntook 4\nDF_RING_CORRUPT\n"],
    ["report.sent=drop", "took 1\ntook 2\ntook 3\ntook 4\n"],
  ])("%s", async (plan, taken) => {
    expect(await program(ring, planted(plan))).toEqual({ status: 0, stdout: offered + taken, stderr: "" });
  });

  test("gives back the producer untouched where nothing is planted for frames", async () => {
    const { stdout } = await program(`${ring} say(String(Object.keys(claimed).length));`, planted("run.acked=kill9"));
    expect(stdout).toBe(`${offered}took 1\ntook 2\ntook 3\ntook 4\n0\n`);
  });
});

describe("a plan that cannot be right ends the program when it is loaded", () => {
  test.each<[string, Environment, string]>([
    ["an unknown name", planted("run.nowhere=kill9"), "run.nowhere=kill9"],
    ["an unknown action", planted("run.acked=explode"), "run.acked=explode"],
    ["a folder that does not exist", { ...planted("run.acked=kill9"), DF_FAILPOINTS_DIR: "nowhere/at/all" }, "nowhere/at/all"],
  ])("%s", async (_, environment, found) => {
    const { status, stdout, stderr } = await program(pass, environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("DF_OPTION_INVALID");
    expect(stderr).toContain(found);
  });
});
