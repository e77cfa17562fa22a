import { describe, expect, test } from "vitest";
import { readMachines } from "./read-machines.js";
import { expectRefusal } from "./refusals.fixture.js";

describe("readMachines", () => {
  test("lists kinds of machines, with defaults", () => {
    const text = `
- { count: 2, cores: 4, memory: 8GiB, pricePerHour: 0.2, coldStart: 2s, keepAlive: 1m, failureRate: 0.01 }
- {}
`;
    const large = {
      cores: 4,
      memory: 8 * 1024 ** 3,
      countsTasks: false,
      pricePerHour: 0.2,
      coldStartMs: 2_000,
      keepAliveMs: 60_000,
      failureRate: 0.01,
    };
    const small = { ...large, cores: 1, memory: Number.POSITIVE_INFINITY, pricePerHour: 0, coldStartMs: 0, failureRate: 0 };
    expect(readMachines(text, "m.yaml")).toEqual([large, large, { ...small, keepAliveMs: Number.POSITIVE_INFINITY }]);
  });

  test.each([
    ["", /m\.yaml as it must be a list/],
    ["[]", /m\.yaml as it must be a list/],
    ["cores: 1", /m\.yaml as it must be a list/],
    ["- cores: 0", /m\.yaml\[0\]\.cores/],
    ["- cores: 1.5", /m\.yaml\[0\]\.cores/],
    ["- {}\n- count: 0", /m\.yaml\[1\]\.count/],
    ["- count: 100001", /m\.yaml\[0\]\.count .*100,000/],
    ["- memory: -1", /m\.yaml\[0\]\.memory/],
    ["- pricePerHour: .nan", /m\.yaml\[0\]\.pricePerHour/],
    ["- coldStart: soon", /m\.yaml\[0\]\.coldStart/],
    ["- keepAlive: -1", /m\.yaml\[0\]\.keepAlive/],
    ["- failureRate: 1.1", /m\.yaml\[0\]\.failureRate/],
    ["- gpus: 1", /m\.yaml\[0\]\.gpus .*none of that name/],
    ["- 4", /m\.yaml\[0\] as it must be an object/],
  ])("refuses %j", (text, message) => {
    expectRefusal(() => readMachines(text, "m.yaml"), "DF_OPTION_INVALID", message);
  });

  test("says in which line an entry stands", () => {
    expectRefusal(() => readMachines("- {}\n\n- count: 0", "m.yaml"), "DF_OPTION_INVALID", /^m\.yaml:3: .*\[1\]\.count/);
  });

  test.each([
    ["what is no YAML", "- {}\n- { cores: 1", /^m\.yaml:2: /],
    ["tags", "- !machine { cores: 1 }", /tags: found !machine/],
    ["aliases", "- &one { cores: 1 }\n- *one", /m\.yaml:1: .*anchors/],
    ["a second document", "- cores: 1\n---\n- cores: 1", /m\.yaml:2: .*one document/],
    ["deep nesting", "[".repeat(10_000), /64 deep/],
    ["long files", "[".repeat(3_000_000), /131072 bytes/],
  ])("refuses %s, with the line", (_, text, message) => {
    expectRefusal(() => readMachines(text, "m.yaml"), "DF_SPEC_INVALID", message);
  });
});
