import { createServer, connect as dial, type Server, type Socket } from "node:net";

/**
 * What becomes of what passes:
 * - `pass`: all of it, both ways;
 * - `drop replies`: commands reach the server; at its first reply the connection is cut, and the reply is lost;
 * - `delay`: replies come `ms` later;
 * - `cut`: connections end at once;
 * - `answer`: the server hears nothing; each thing sent is answered with these bytes.
 */
export type ProxyMode =
  | { readonly kind: "pass" }
  | { readonly kind: "drop replies" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "cut" }
  | { readonly kind: "answer"; readonly bytes: string };

/** A TCP proxy in front of a Redis server. Its mode may be changed at any time, also for what has been sent already. */
export class RedisProxy {
  mode: ProxyMode = { kind: "pass" };
  /** Mode for commands that hold this text; all others pass. Undefined: for all. */
  only: string | undefined;
  /** How often the mode was applied to a command or reply. */
  hits = 0;
  #port = 0;
  readonly #targetPort: () => number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(targetPort: () => number) {
    this.#targetPort = targetPort;
    this.#server = createServer((client) => this.#serve(client));
  }

  /** @param targetPort is asked anew for each connection, so that it may change */
  static async start(targetPort: () => number): Promise<RedisProxy> {
    const proxy = new RedisProxy(targetPort);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    const address = proxy.#server.address();
    if (address === null || typeof address === "string") throw new Error("a socket has a port");
    proxy.#port = address.port;
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Ends all connections there are. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    if (this.mode.kind === "cut" && this.only === undefined) {
      this.hits++;
      client.destroy();
      return;
    }
    const server = dial(this.#targetPort(), "127.0.0.1");
    const ends = [client, server];
    for (const socket of ends) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        this.#sockets.delete(socket);
        for (const other of ends) other.destroy();
      });
    }
    let mode: ProxyMode = { kind: "pass" };
    client.on("data", (sent) => {
      const isMeant = this.only === undefined || sent.includes(this.only);
      mode = isMeant ? this.mode : { kind: "pass" };
      if (mode.kind !== "pass") this.hits++;
      if (mode.kind === "cut") client.destroy();
      else if (mode.kind === "answer") client.write(mode.bytes);
      else server.write(sent);
    });
    server.on("data", (reply) => {
      if (mode.kind === "drop replies") client.destroy();
      else if (mode.kind === "delay") setTimeout(() => client.writable && client.write(reply), mode.ms);
      else client.write(reply);
    });
  }
}
