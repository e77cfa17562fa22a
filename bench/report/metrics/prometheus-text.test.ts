import { expect, test } from "vitest";
import { parsePrometheusText, reading } from "./prometheus-text.fixture.js";

const head = (type: string, name = "a") => `# HELP ${name} help\n# TYPE ${name} ${type}\n`;

test("what is right is read", () => {
  const families = parsePrometheusText(`${head("gauge")}a{x="1\\"\\\\\\n{}",y=""} 1.5e-3\na -Inf\n\n${head("counter", "b")}b 4\n`);
  expect(families.get("a")?.readings).toEqual([
    { name: "a", labels: { x: '1"\\\n{}', y: "" }, value: 0.0015 },
    { name: "a", labels: {}, value: Number.NEGATIVE_INFINITY },
  ]);
  expect(reading(families, "b")).toBe(4);
  expect(() => reading(families, "a")).toThrow("2 times");
});

test.each([
  ["a line that does not end", `${head("gauge")}a 1`],
  ["a reading without a heading", "a 1\n"],
  ["a reading of another metric", `${head("gauge")}b 1\n`],
  ["a number that is none", `${head("gauge")}a Nan1\n`],
  ["a quote that nobody has escaped", `${head("gauge")}a{x="1"2"} 1\n`],
  ["an escape that is none", `${head("gauge")}a{x="\\t"} 1\n`],
  ["two of one label", `${head("gauge")}a{x="1",x="2"} 1\n`],
  ["two of one series", `${head("gauge")}a{x="1"} 1\na{x="1"} 2\n`],
  ["a metric in two places", `${head("gauge")}a 1\n${head("gauge")}a{x="1"} 1\n`],
  ["a histogram without +Inf", `${head("histogram")}a_bucket{le="1"} 1\na_sum 1\na_count 1\n`],
  ["a histogram that descends", `${head("histogram")}a_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n`],
  ["a histogram of another count", `${head("histogram")}a_bucket{le="+Inf"} 1\na_sum 1\na_count 2\n`],
])("%s is refused", (_, text) => expect(() => parsePrometheusText(text)).toThrow("Cannot read metrics"));
