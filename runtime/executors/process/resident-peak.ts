import { openSync, readSync } from "node:fs";

/**
 * The most memory that this process has had resident since it began, in bytes, as the system counts it; elsewhere than on Linux, what it
 * has at the moment. (What getrusage() says begins with what the parent had when it made the process.)
 */
export function openResidentPeak(): () => number {
  const status = openStatus();
  if (status === undefined) return () => process.memoryUsage.rss();
  const buffer = Buffer.alloc(4096);
  return () => {
    const text = buffer.toString("latin1", 0, readSync(status, buffer, 0, buffer.length, 0));
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(text) ?? [];
    return kibibytes === undefined ? process.memoryUsage.rss() : Number(kibibytes) * 1024;
  };
}

function openStatus(): number | undefined {
  try {
    return openSync("/proc/self/status", "r");
  } catch {
    return undefined;
  }
}
