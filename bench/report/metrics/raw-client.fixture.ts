import { connect, type Socket } from "node:net";

/** How long an answer may take until a test gives up on it. */
const PATIENCE_MS = 15_000;

/** Sends these bytes to a loopback port. Resolves, once the other side has closed, with all that it has answered. */
export function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.write(bytes);
  return answersOf(socket);
}

/** All that comes until the other side closes, which it must. */
export function answersOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const late = setTimeout(() => {
      reject(new Error(`Cannot tell the answer as the connection must be closed: it is open after ${PATIENCE_MS} ms`));
      socket.destroy();
    }, PATIENCE_MS);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => socket.destroy()); // a reset closes as well
    socket.on("close", () => {
      clearTimeout(late);
      resolve(Buffer.concat(chunks).toString("latin1"));
    });
  });
}

/** Status of the first answer; undefined where there is none. */
export function statusOf(answer: string): number | undefined {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}
