import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestLimits } from "./request-limits.js";

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  /** @defaultValue "text/plain; charset=utf-8" */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How often connections are looked at, as part of the shortest time that they have. */
const CHECKS_PER_LIMIT = 4;

const REFUSED = "HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/**
 * A server that gives everybody the same few texts: it reads no body of a request, and nobody holds it up or fills it, as each connection has a limit of
 * everything it may take.
 *
 * @param answer must not reject
 */
export function limitedServer(limits: RequestLimits, answer: (request: IncomingMessage) => Promise<Answer>): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMsMax,
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.keepAliveMsMax,
    connectionsCheckingInterval: Math.ceil(Math.min(limits.headersMsMax, limits.requestMsMax) / CHECKS_PER_LIMIT),
  });
  server.maxConnections = limits.connectionsMax;
  server.maxRequestsPerSocket = limits.requestsPerConnectionMax;
  server.timeout = limits.responseMsMax;
  const respond = (request: IncomingMessage, response: ServerResponse) => void send(request, response, { answer, limits });
  server.on("request", respond);
  server.on("checkContinue", respond); // without a 100 Continue the body is not sent
  server.on("connect", (_: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    socket.end(REFUSED, () => socket.destroy());
  });
  return server;
}

interface Sending {
  readonly answer: (request: IncomingMessage) => Promise<Answer>;
  readonly limits: RequestLimits;
}

async function send(request: IncomingMessage, response: ServerResponse, { answer, limits }: Sending): Promise<void> {
  // The server's own time-out begins anew with each byte that is taken.
  const late = setTimeout(() => request.socket.destroy(), limits.responseMsMax);
  response.once("close", () => clearTimeout(late));
  response.once("error", () => request.socket.destroy());
  if (hasBody(request)) response.shouldKeepAlive = false; // or all of it would be read before the next request
  const { status, body, contentType = "text/plain; charset=utf-8", headers = {} } = await answer(request);
  if (response.destroyed) return;
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Whether a request says that one follows. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
}
