import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { Gauge, Registry } from "prom-client";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../harness/server-process.js";
import { ExperimentMetrics } from "./experiment-metrics.js";
import { metricNames } from "./metric-names.js";
import { MetricsServer, type MetricsServerOptions } from "./metrics-server.js";
import { parsePrometheusText, reading } from "./prometheus-text.fixture.js";
import { exchange, statusOf } from "./raw-client.fixture.js";
import { LOOPBACK, missingSocketLists, socketsAt } from "./tcp-sockets.fixture.js";

const servers: MetricsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: Partial<MetricsServerOptions> = {}): Promise<MetricsServer> {
  const server = await MetricsServer.start({ port: 0, registry: new ExperimentMetrics().registry, ...options });
  if (server === undefined) throw new Error("a free port is free");
  servers.push(server);
  return server;
}

const head = (method: string, path: string) => `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

describe("the server", () => {
  test("gives Prometheus what the registry holds, and what it comes to hold", async () => {
    const metrics = new ExperimentMetrics();
    const { url } = await start({ registry: metrics.registry });
    for (const units of [3, 4]) {
      metrics.planned({ category: "performance", experiment: "latency", units });
      await sleep(300); // longer than an answer is kept
      const response = await fetch(url);
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
      expect(reading(parsePrometheusText(await response.text()), metricNames.planned)).toBe(units);
    }
  });

  test("answers HEAD like GET without the body, and says that it is well", async () => {
    const { port } = await start();
    const withoutBody = await exchange(port, head("HEAD", "/metrics"));
    expect(statusOf(withoutBody)).toBe(200);
    expect(withoutBody).toMatch(/Content-Length: [1-9]\d+\r\n.*\r\n\r\n$/s);
    expect(await exchange(port, head("GET", "/healthz"))).toMatch(/\r\n\r\nok\n$/);
    expect(statusOf(await exchange(port, head("GET", "/metrics?name=x")))).toBe(200);
  });

  test.each([
    ["GET", "/", 404],
    ["GET", "/metrics/", 404],
    ["GET", "/..%2fmetrics", 404],
    ["GET", "//metrics", 404],
    ["DELETE", "/nothing", 404],
    ["POST", "/metrics", 405],
    ["OPTIONS", "/healthz", 405],
    ["TRACE", "/metrics", 405],
    ["CONNECT", "127.0.0.1:80", 405],
    ["BREW", "/metrics", 400],
    ["GET", "/\0", 400],
  ])("%s %j is answered with %d", async (method, path, status) => {
    const { port } = await start();
    const answer = await exchange(port, head(method, path));
    expect(statusOf(answer)).toBe(status);
    if (status === 405 && method !== "CONNECT") expect(answer).toContain("Allow: GET, HEAD\r\n");
  });

  test("has nothing to say of what breaks inside, and goes on", async () => {
    const registry = new Registry();
    const gauge = new Gauge({ name: "broken", help: "breaks", registers: [registry], collect: () => fail() });
    let isBroken = true;
    const fail = () => {
      if (isBroken) throw new Error("canary-inside");
    };
    const { port } = await start({ registry });
    const answer = await exchange(port, head("GET", "/metrics"));
    expect(statusOf(answer)).toBe(503);
    expect(answer).not.toMatch(/canary-inside|\.ts|at /);
    isBroken = false;
    gauge.set(7);
    expect(await exchange(port, head("GET", "/metrics"))).toContain("broken 7");
  });

  test.skipIf(missingSocketLists !== undefined)("listens on the loopback interface and nowhere else", async () => {
    const { port } = await start();
    expect(socketsAt(port)).toEqual([{ address: LOOPBACK, port, state: "listening" }]);
  });

  test("says so where its port is taken, and the run goes on without it", async () => {
    const { port } = await start();
    const warnings: string[] = [];
    const registry = new Registry();
    const warn = (message: string) => warnings.push(message);
    expect(await MetricsServer.start({ port, registry, warn })).toBeUndefined();
    expect(await MetricsServer.start({ port: 70_000, registry, warn })).toBeUndefined();
    expect(warnings[0]).toMatch(/^Cannot serve metrics as port \d+ of 127\.0\.0\.1 must be free: .*EADDRINUSE/);
    expect(warnings[1]).toMatch(/^Cannot serve metrics as port 70000 .* should be >= 0 and < 65536/);
  });

  test("is gone after close(), with its connections", async () => {
    const port = await freePort();
    const server = await start({ port, limits: { headersMsMax: 1e6, requestMsMax: 1e6, responseMsMax: 1e6 } });
    const begun = exchange(port, "GET /metrics HTTP/1.1\r\nHo");
    const silent = exchange(port, "");
    await fetch(server.url).then((response) => response.text()); // its connection is kept alive
    await server.close();
    expect(await Promise.all([begun, silent])).toEqual(["", ""]);
    await expect(fetch(server.url)).rejects.toThrow();
    expect(missingSocketLists ?? socketsAt(port).filter(({ state }) => state !== "other")).toEqual(missingSocketLists ?? []);
  });
});

if (missingSocketLists !== undefined) {
  console.warn(`SKIPPED where the server of metrics listens: ${missingSocketLists}`);
  test.skipIf(process.env.CI !== "true")("sockets can be listed", () => expect(missingSocketLists).toBeUndefined());
}

describe("whatever is asked for", () => {
  const odd = fc.constantFrom(
    "/..%2f",
    "/../../etc/passwd",
    "%00",
    "\0",
    "\xff\xfe",
    "\xc0\xaf",
    "?",
    "#",
    " ",
    "\r\n",
    "x".repeat(9_000),
    "metrics",
    "healthz",
    "/",
    "http://127.0.0.1/",
    "*",
    "<img onerror>",
  );
  const path = fc
    .array(fc.oneof(odd, fc.string({ maxLength: 6 }), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 4 })
    .map((parts) => parts.join(""));
  const method = fc.oneof(
    fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "PROPFIND", "SUBSCRIBE", "get", "", "G\0T", "M".repeat(9_000)),
    fc.string({ maxLength: 8 }),
  );

  test("the answer is a refusal without a stack", async () => {
    const { port } = await start({ limits: { headersMsMax: 200, requestMsMax: 400 } });
    await fc.assert(
      fc.asyncProperty(method, path, async (method, path) => {
        fc.pre(!/^\/(metrics|healthz)(\?|\s|$)/.test(path));
        const answer = await exchange(port, Buffer.from(head(method, path), "latin1"));
        expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
        expect(statusOf(answer)).toBeLessThan(500);
        expect(answer).not.toMatch(/\.[jt]s\b|Error/);
      }),
      { numRuns: 300 },
    );
    expect(statusOf(await exchange(port, head("GET", "/metrics")))).toBe(200);
  });

  test("no address in it is visited", async () => {
    let visits = 0;
    const canary = createServer((socket) => {
      visits++;
      socket.destroy();
    });
    const at = await freePort();
    await new Promise<void>((resolve) => canary.listen(at, "127.0.0.1", resolve));
    onTestFinished(() => void canary.close());
    const { port } = await start();
    const address = `http://127.0.0.1:${at}/metrics`;
    expect(statusOf(await exchange(port, head("GET", address)))).toBe(404);
    expect(statusOf(await exchange(port, head("GET", `/metrics?target=${address}`)))).toBe(200);
    expect(statusOf(await exchange(port, head("CONNECT", `127.0.0.1:${at}`)))).toBe(405);
    expect(
      statusOf(
        await exchange(port, `GET /x HTTP/1.1\r\nHost: 127.0.0.1:${at}\r\nX-Forwarded-Host: 127.0.0.1:${at}\r\nConnection: close\r\n\r\n`),
      ),
    ).toBe(404);
    await sleep(100);
    expect(visits).toBe(0);
  });
});
