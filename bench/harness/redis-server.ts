import { spawnSync } from "node:child_process";
import { freePort, ServerProcess } from "./server-process.js";

/** When an acknowledged write is flushed to the disk: once a second, or before it is acknowledged. Both keep it through the death of the server. */
export type Fsync = "everysec" | "always";

export interface RedisServer {
  /** Such as `redis://127.0.0.1:40123`. */
  readonly url: string;
  /** Another one after each restart. */
  readonly pid: number;
  /** As `kill -9` does. Resolves when it has ended. */
  kill(): Promise<void>;
  /** Starts it again, once killed, at the same place with what it had written. Begins at once; resolves when it takes connections. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** A real Redis on a free loopback port, with an append-only file and no snapshots. */
export async function startRedisServer(fsync: Fsync): Promise<RedisServer> {
  const port = await freePort();
  const settings = { port, bind: "127.0.0.1", save: "", appendonly: "yes", appendfsync: fsync };
  const server = await ServerProcess.start({
    name: "redis-server",
    command: "redis-server",
    args: (folder) => Object.entries({ ...settings, dir: folder }).flatMap(([name, value]) => [`--${name}`, String(value)]),
    isReady: (output) => output.includes("Ready to accept connections"),
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.stop(),
  };
}

/** Whether this machine has Redis. */
export function hasRedisServer(): boolean {
  return spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
}
