import { fileURLToPath } from "node:url";
import { freePort, ServerProcess } from "../../harness/server-process.js";
import type { Output } from "../../workloads/task-graph.js";
import type { Durability, DurableContender } from "./contender.js";
import { findRestate, howToInstall, type RestateInstallation } from "./restate/installation.js";

const SERVICE = fileURLToPath(new URL("./restate/service.js", import.meta.url));
const READY_MS_MAX = 60_000;
/** Of 24, which is the default and meant for clusters, 4 and 2, this measured best on two cores: half as many again a second. */
const PARTITIONS = "4";

/**
 * Restate, one server with all roles: a run is one invocation, sent over HTTP from this process, and its tasks are steps of the handler, which another process
 * executes. The journals of finished runs go at once, as BullMQ's jobs do.
 */
export const contender: DurableContender = {
  async open({ graph, durability, restate = "" }) {
    const installation = findRestate(restate);
    if (installation === undefined) throw new Error(`Cannot measure Restate as it must be installed: ${howToInstall(restate || "FOLDER")}`);
    const servicePort = await freePort();
    const servers = [await startService(installation, graph.name, servicePort)];
    const close = async () => void (await Promise.all(servers.map((server) => server.stop())));
    try {
      const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
      servers.push(await startServer(installation, durability, { ingress, admin, node }));
      await post(`http://127.0.0.1:${admin}/deployments`, { uri: `http://127.0.0.1:${servicePort}` });
      return { run: (input) => post(`http://127.0.0.1:${ingress}/graph/execute`, input) as Promise<Output[]>, close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

function startService({ node, sdk }: RestateInstallation, graph: string, port: number): Promise<ServerProcess> {
  return ServerProcess.start({
    name: "restate-service",
    command: node,
    args: () => [SERVICE, sdk, graph, String(port)],
    env: { NODE_ENV: "production", RESTATE_LOGGING: "ERROR" },
    isReady: (output) => output.includes("listening"),
  });
}

interface Ports {
  readonly ingress: number;
  readonly admin: number;
  /** Where other servers of a cluster would call it. */
  readonly node: number;
}

function startServer({ server }: RestateInstallation, durability: Durability, { ingress, admin, node }: Ports): Promise<ServerProcess> {
  return ServerProcess.start({
    name: "restate-server",
    command: server,
    args: (folder) => ["--no-logo", "--base-dir", folder, "--listen-mode", "tcp"],
    env: {
      RESTATE_BIND_IP: "127.0.0.1",
      RESTATE_BIND_PORT: String(node),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_ADMIN__DISABLE_WEB_UI: "true",
      RESTATE_NODE_NAME: "bench",
      RESTATE_LOG_FILTER: "error",
      RESTATE_DISABLE_TELEMETRY: "true",
      DO_NOT_TRACK: "1",
      RESTATE_DEFAULT_JOURNAL_RETENTION: "0s",
      RESTATE_DEFAULT_NUM_PARTITIONS: PARTITIONS,
      RESTATE_LOG_SERVER__ROCKSDB_DISABLE_WAL_FSYNC: String(durability === "process"),
    },
    startMsMax: READY_MS_MAX,
    isReady: () => answers(`http://127.0.0.1:${admin}/health`),
  });
}

const ANSWER_MS_MAX = 1_000;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })).ok;
  } catch {
    return false;
  }
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`Cannot go on as Restate must answer ${new URL(url).pathname} with what it was asked: ${response.status} ${text}`);
  return JSON.parse(text);
}
