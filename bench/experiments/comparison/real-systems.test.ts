import { expect, test } from "vitest";
import { measureInFreshProcess } from "../../harness/fresh-process.fixture.js";
import { hasRedisServer } from "../../harness/redis-server.js";
import { outcomeWith } from "../outcome.fixture.js";
import realSystems from "./real-systems.js";

const config = { workloads: ["chain-10", "fan-10"], in_flight: 4, durable_in_flight: 4, durability: "process" };

test("each system stands beside ours with the same store; what is no tree is no flow", () => {
  const { summary, pictures } = outcomeWith(realSystems, {
    config,
    rounds: 2,
    measured: ({ contender, keeps }) => {
      const ours = String(contender).startsWith("DataFlower");
      return { metrics: { tasksPerSecond: (ours ? 3 : 1) * (keeps === "redis" ? 1_000 : 1e6) } };
    },
  });
  expect(summary.ratios.every(({ median }) => median === 3)).toBe(true);
  const names = summary.ratios.map(({ name }) => name);
  expect(names).toContain("DataFlower ÷ async.auto, chain-10");
  expect(names).toContain("DataFlower ÷ BullMQ flow, chain-10");
  expect(names).not.toContain("DataFlower ÷ BullMQ flow, fan-10");
  expect(pictures.map((picture) => picture.kind === "bars" && picture.bars.length)).toEqual([11, 10]);
});

test("what is absent leaves a gap, and nothing measured is no error", () => {
  const { summary, pictures } = outcomeWith(realSystems, { config, measured: () => undefined });
  expect(summary.headline).toBe("not measured");
  expect(pictures.flatMap((picture) => (picture.kind === "bars" ? picture.bars.map(({ value }) => value) : [0]))).toEqual(
    Array(21).fill(undefined),
  );
});

const hasRedis = hasRedisServer();
if (!hasRedis) console.warn("SKIPPED systems that keep runs in Redis: redis-server is not installed");

test.skipIf(!hasRedis && process.env.CI !== "true").each(["dataflower", "bullmq-jobs", "bullmq-flow"])(
  "%s keeps a small workflow in Redis",
  async (contender) => {
    const kept = { store: "redis", durability: "process", commit: "strict" } as const;
    const parameters = { measure: "durable", threads: 2, ...kept, inFlight: 2, warmupMs: 1, measureMs: 5 } as const;
    const [sample] = (await measureInFreshProcess({ contender, workloads: ["chain-10"], parameters })) as { runs: number }[];
    expect(sample!.runs).toBeGreaterThan(0);
  },
);
