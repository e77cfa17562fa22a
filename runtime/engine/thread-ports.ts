import { MessageChannel, type MessagePort } from "node:worker_threads";

/** Ends of channels, by the thread at the other end. */
export type PortsOfThread = Map<number, MessagePort>;

/** A channel between every two of the threads; by thread, its ends. */
export function joinThreads(threads: number): PortsOfThread[] {
  const ports: PortsOfThread[] = Array.from({ length: threads }, () => new Map());
  for (let one = 0; one < threads; one++) {
    for (let other = one + 1; other < threads; other++) {
      const { port1, port2 } = new MessageChannel();
      ports[one]?.set(other, port1);
      ports[other]?.set(one, port2);
    }
  }
  return ports;
}
