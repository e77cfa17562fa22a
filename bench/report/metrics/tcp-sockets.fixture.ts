import { existsSync, readFileSync } from "node:fs";

/** A socket of this machine, as Linux lists it. */
export interface TcpSocket {
  /** In hexadecimal, bytes as they lie in memory: `0100007F` is 127.0.0.1. */
  readonly address: string;
  readonly port: number;
  readonly state: "established" | "listening" | "other";
}

const LISTS = ["/proc/net/tcp", "/proc/net/tcp6"] as const;
export const LOOPBACK = "0100007F";

/** Undefined where there is no list, with the reason. */
export const missingSocketLists: string | undefined = existsSync(LISTS[0]) ? undefined : `there is no ${LISTS[0]}`;

/** Sockets whose own port is this one. */
export function socketsAt(port: number): TcpSocket[] {
  const lines = LISTS.filter((list) => existsSync(list)).flatMap((list) => readFileSync(list, "utf8").trim().split("\n").slice(1));
  return lines.map(socketOf).filter((socket) => socket.port === port);
}

function socketOf(line: string): TcpSocket {
  const [, local = "", , state = ""] = line.trim().split(/\s+/);
  const [address = "", port = ""] = local.split(":");
  return { address, port: Number.parseInt(port, 16), state: state === "01" ? "established" : state === "0A" ? "listening" : "other" };
}
