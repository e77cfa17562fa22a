import { expect, test } from "vitest";
import { hostileReport, report } from "./report.fixture.js";
import { summaryMarkdown } from "./summary-markdown.js";

const text = summaryMarkdown(report);

test("summary.md says what is missing, what was claimed, and what was measured", () => {
  for (const part of [
    "**PARTIAL: something that was asked for is missing: it was interrupted**",
    "**FAILED: kills: 1 of 2,000 tasks was lost**",
    "**QUICK PROFILE:",
    "| simple-dag | Three to five times the throughput of simple DAG executors | 3.4 × \\[3.1, 3.7\\] | holds |",
    "## fault tolerance",
    "- 1 of 2,000 tasks was lost: DataFlower, round 3",
    "| DataFlower, 2 workers, stencil-100 | 5 | 88.0 k \\[83.6 k, 92.4 k\\] |",
    "- BullMQ on Redis, stencil-100: redis-server is not installed",
    "(./performance/throughput/plots/throughput.svg)",
  ])
    expect(text).toContain(part);
});

test("every table has as many cells in each row as titles", () => {
  const cells = (line: string) => line.replaceAll("\\|", "").split("|").length;
  for (const table of [text, summaryMarkdown(hostileReport)].flatMap((all) => all.split("\n\n").filter((part) => part.startsWith("|")))) {
    const lines = table.trim().split("\n");
    expect(new Set(lines.map(cells)).size, table).toBe(1);
  }
});

test("hostile names stay text: no markup, no line of its own, no command of a terminal", () => {
  const hostile = summaryMarkdown(hostileReport);
  expect(hostile).not.toMatch(/(?<!\\)<(img|script)/);
  expect(hostile).not.toMatch(/^fake 42/m);
  expect(hostile).not.toContain("\u001b");
});
