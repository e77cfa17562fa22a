import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { type Answer, hasBody, limitedServer } from "./limited-server.js";
import { RecentText } from "./recent-text.js";
import { type RequestLimits, requestLimits } from "./request-limits.js";

/** What Prometheus is told in configs/prometheus.yml. */
export const METRICS_PORT = 9464;
/** Nobody else's business: whoever wants the metrics elsewhere puts something in front that knows who asks. */
const HOST = "127.0.0.1";

export interface MetricsServerOptions {
  readonly registry: Registry;
  /** 0: one that is free. @defaultValue METRICS_PORT */
  readonly port?: number;
  /** @defaultValue those of requestLimits */
  readonly limits?: Partial<RequestLimits>;
  /** Told why there is no server. @defaultValue writes to standard error */
  readonly warn?: (message: string) => void;
}

/** Serves metrics to programs of this machine: `GET /metrics` for Prometheus, `GET /healthz`, and nothing else. It keeps no process alive. */
export class MetricsServer {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Resolves with undefined, after a warning, where the port is not to be had: metrics are no reason to stop what they are about. */
  static async start({ registry, port = METRICS_PORT, limits, warn = complain }: MetricsServerOptions): Promise<MetricsServer | undefined> {
    const text = new RecentText(() => registry.metrics());
    const server = limitedServer({ ...requestLimits, ...limits }, (request) => answerTo(request, text, registry.contentType));
    try {
      server.listen({ host: HOST, port });
      await once(server, "listening");
    } catch (error) {
      warn(`Cannot serve metrics as port ${port} of ${HOST} must be free: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
    server.unref();
    return new MetricsServer(server, (server.address() as AddressInfo).port); // as: it listens on a port
  }

  /** Where the metrics are. */
  get url(): string {
    return `http://${HOST}:${this.port}/metrics`;
  }

  /** Ends all connections, whatever they are at. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answerTo(request: IncomingMessage, metrics: RecentText, contentType: string): Promise<Answer> {
  const { method, url = "" } = request;
  const path = url.split("?", 1)[0];
  if (path !== "/metrics" && path !== "/healthz") return { status: 404, body: "Not found: there are /metrics and /healthz\n" };
  if (method !== "GET" && method !== "HEAD") return { status: 405, body: "Only GET and HEAD\n", headers: { Allow: "GET, HEAD" } };
  if (hasBody(request)) return { status: 413, body: "A request must have no body\n" };
  if (path === "/healthz") return { status: 200, body: "ok\n" };
  try {
    return { status: 200, body: await metrics.read(), contentType };
  } catch {
    return { status: 503, body: "Metrics cannot be read\n" };
  }
}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}
