import { Agent, get } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { DataFlower } from "dataflower";
import { afterEach, describe, expect, test } from "vitest";
import type * as FiveTasks from "../../workloads/five-tasks.js";
import { ExperimentMetrics } from "./experiment-metrics.js";
import { MetricsServer } from "./metrics-server.js";
import { parsePrometheusText } from "./prometheus-text.fixture.js";
import { answersOf, exchange, statusOf } from "./raw-client.fixture.js";
import type { RequestLimits } from "./request-limits.js";
import { missingSocketLists, socketsAt } from "./tcp-sockets.fixture.js";

/** Those of the server, in shorter times. */
const limits: Partial<RequestLimits> = { headersMsMax: 300, requestMsMax: 600, responseMsMax: 600, keepAliveMsMax: 300 };
/** What the tests' own clients and V8's garbage take, with room; what is sent at the server is more than that. */
const MEMORY_BYTES_MAX = 200e6;

let server: MetricsServer;
const clients: Socket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server.close();
});

async function start(metrics = new ExperimentMetrics(), its: Partial<RequestLimits> = limits): Promise<number> {
  server = (await MetricsServer.start({ port: 0, registry: metrics.registry, limits: its }))!;
  return server.port;
}

function client(port: number): Socket {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => socket.destroy());
  clients.push(socket);
  return socket;
}

/** 5,000 of them are a megabyte of text. */
function series(count: number): ExperimentMetrics {
  const metrics = new ExperimentMetrics({ seriesMax: count });
  for (let index = 0; index < count; index++) {
    const sample = {
      variant: `variant-${index}-${"x".repeat(100)}`,
      round: 0,
      stealShare: 0,
      repeats: 0,
      metrics: { tasksPerSecond: index },
    };
    metrics.measured(sample, { category: "performance", experiment: "many", elapsedMs: 1 });
  }
  return metrics;
}

async function memoryTakenBy(act: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  await act();
  return process.memoryUsage.rss() - before;
}

/** What stands between the server and its clients, as the system sees it. */
const connections = (port: number) => socketsAt(port).filter(({ state }) => state === "established").length;

async function waitUntilDisconnected(port: number): Promise<void> {
  const giveUpAt = performance.now() + 15_000;
  while (connections(port) > 0 && performance.now() < giveUpAt) await sleep(50);
  expect(connections(port)).toBe(0);
}

const isWell = async (port: number) =>
  statusOf(await exchange(port, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) === 200;

describe("is disconnected", () => {
  test("whoever says nothing, 200 of them", async () => {
    const port = await start();
    const answers = await Promise.all(Array.from({ length: 200 }, () => answersOf(client(port))));
    expect(answers.filter((answer) => !["", "408"].includes(String(statusOf(answer) ?? "")))).toEqual([]);
    expect(await isWell(port)).toBe(true);
  });

  test("whoever says it byte by byte", async () => {
    const port = await start();
    const slow = client(port);
    const bytes = [..."GET /metrics HTTP/1.1\r\nHost: x\r\n", ..."X-Y: z\r\n".repeat(1_000)];
    const drip = setInterval(() => slow.writable && slow.write(bytes.shift() ?? ""), 30);
    const answer = await answersOf(slow).finally(() => clearInterval(drip));
    expect([undefined, 408]).toContain(statusOf(answer));
    expect(bytes.length).toBeGreaterThan(7_000);
    expect(await isWell(port)).toBe(true);
  });

  test("whoever has 10 MB of headers", async () => {
    const port = await start();
    const answer = await exchange(port, `GET /metrics HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(10e6)}\r\n\r\n`);
    expect([undefined, 431]).toContain(statusOf(answer));
    expect(await exchange(port, `GET /metrics HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(10_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await isWell(port)).toBe(true);
  });

  test.each([
    ["POST", "Content-Length: 1000000000", 405],
    ["GET", "Content-Length: 1000000000", 413],
    ["GET", "Transfer-Encoding: chunked", 413],
    ["GET", "Content-Length: 1000000000\r\nExpect: 100-continue", 413],
  ])("whoever has a body of 1 GB: %s, %s", async (method, headers, status) => {
    const port = await start();
    const sender = client(port);
    let sent = 0;
    const more = () => {
      while (!sender.destroyed && sent < 1e9 && sender.write(Buffer.alloc(65_536))) sent += 65_536;
    };
    const answers: Promise<string> = answersOf(sender);
    sender.write(`${method} /metrics HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`);
    const first = await Promise.race([
      new Promise<string>((resolve) => sender.once("data", (chunk) => resolve(chunk.toString("latin1")))),
      answers,
    ]);
    expect(statusOf(first)).toBe(status);
    expect(first).not.toContain("100 Continue");
    sender.on("drain", more);
    more();
    await answers;
    expect(sent).toBeLessThan(100e6);
    expect(await isWell(port)).toBe(true);
  });

  test.skipIf(missingSocketLists !== undefined)("whoever asks again and again and never reads", async () => {
    const port = await start(series(5_000));
    const taken = await memoryTakenBy(async () => {
      for (let index = 0; index < 20; index++) {
        const deaf = client(port).pause();
        deaf.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(500));
      }
      await sleep(100);
      expect(connections(port)).toBeGreaterThan(0);
      await waitUntilDisconnected(port);
    });
    expect(taken).toBeLessThan(MEMORY_BYTES_MAX);
    expect(await isWell(port)).toBe(true);
  });

  test.skipIf(missingSocketLists !== undefined)("whoever reads a little at a time", async () => {
    const port = await start(series(5_000));
    const slow = client(port).pause();
    slow.write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20));
    const sip = setInterval(() => slow.read(1_000), 20);
    await sleep(200);
    expect(connections(port)).toBe(1);
    await waitUntilDisconnected(port).finally(() => clearInterval(sip));
  });
});

if (missingSocketLists !== undefined) {
  console.warn(`SKIPPED clients of the metrics that do not read: ${missingSocketLists}`);
  test.skipIf(process.env.CI !== "true")("sockets can be listed", () => expect(missingSocketLists).toBeUndefined());
}

test("a thousand scrapes a second, and tasks go on and are right", { timeout: 60_000 }, async () => {
  const port = await start(series(200), {});
  const { fiveTasks, expectedOfFiveTasks }: typeof FiveTasks = await import(
    new URL("../../../dist/bench/workloads/five-tasks.js", import.meta.url).href
  );
  await using engine = await DataFlower.start({ workflows: [fiveTasks], workers: 1, store: "memory:" });
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const scrapes: Promise<string>[] = [];
  let runs = 1; // -0 is not 0
  const ask = () => {
    for (let index = 0; index < 10; index++) scrapes.push(scrape(port, agent, scrapes.length % 100 === 0));
  };
  const taken = await memoryTakenBy(async () => {
    const endAt = performance.now() + 2_000;
    const timer = setInterval(ask, 10);
    try {
      for (; performance.now() < endAt; runs++) expect(await engine.run(fiveTasks, { n: runs })).toBe(expectedOfFiveTasks(runs));
    } finally {
      clearInterval(timer);
      await Promise.allSettled(scrapes);
    }
  });
  agent.destroy();
  const texts = await Promise.all(scrapes);
  for (const text of texts.filter((one) => one !== "")) expect(parsePrometheusText(text).size).toBeGreaterThan(5);
  expect(texts.length).toBeGreaterThan(100);
  expect(runs).toBeGreaterThan(10);
  expect(taken).toBeLessThan(MEMORY_BYTES_MAX);
  expect(await isWell(port)).toBe(true);
});

/** The text, where it is kept; empty where it was only read. Rejects for anything but 200. */
function scrape(port: number, agent: Agent, isKept: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path: "/metrics", agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${response.statusCode}`));
      let text = "";
      response.on("data", (chunk) => {
        if (isKept) text += String(chunk);
      });
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
  });
}
