import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../", import.meta.url));
const file = join(root, "docker-compose.yml");

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly network_mode?: string;
  readonly restart?: string;
  readonly privileged?: boolean;
}

const text = readFileSync(file, "utf8");
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> }; // as: docker-compose checks it below
const all = Object.entries(services);

describe("docker-compose.yml", () => {
  test("has the experiments and what belongs to them", () => {
    expect(Object.keys(services).sort()).toEqual(["build", "dataflower", "grafana", "jupyter", "prometheus", "redis"]);
    expect(services.redis?.command).toContain("--appendonly");
  });

  test("opens its ports to this machine only", () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.sort()).toEqual(["127.0.0.1:3000:3000", "127.0.0.1:6379:6379", "127.0.0.1:8888:8888", "127.0.0.1:9090:9090"]);
    for (const [name, { network_mode, privileged }] of all)
      expect([name, network_mode === "host", privileged]).toEqual([name, false, undefined]);
  });

  test("runs the experiments where Prometheus looks for them: on its loopback interface", () => {
    expect(services.dataflower?.network_mode).toBe("service:prometheus");
    expect(services.prometheus?.volumes).toContain("./configs/prometheus.yml:/etc/prometheus/prometheus.yml:ro");
  });

  test.each(all)("%s has an exact version, a policy of restarts and, while it runs, a check of its health", (name, service) => {
    expect(service.image).toMatch(/^[\w/-]+:v?\d+\.\d+\.\d+(-[\w.-]+)?$/);
    expect(["no", "unless-stopped"]).toContain(service.restart);
    if (name !== "build") expect(service.healthcheck?.test[0]).toBe("CMD");
  });

  test.each(all)("%s mounts what is there", (_, { volumes = [] }) => {
    const here = volumes.map((volume) => volume.split(":")[0]!).filter((source) => source.startsWith("."));
    expect(here.filter((source) => !existsSync(join(root, source)))).toEqual([]);
  });

  test("holds no secret", () => {
    expect(services.jupyter?.environment?.JUPYTER_TOKEN).toMatch(/^\$\{JUPYTER_TOKEN:-\}$/);
    const names = all.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(names.filter((name) => /PASSWORD|SECRET/.test(name))).toEqual([]);
  });
});

const missing = spawnSync("docker-compose", ["version"], { stdio: "ignore" }).status === 0 ? undefined : "docker-compose is not installed";
if (missing !== undefined) {
  console.warn(`SKIPPED what docker-compose says of docker-compose.yml: ${missing}`);
  test.skipIf(process.env.CI !== "true")("docker-compose is there", () => expect(missing).toBeUndefined());
}

test.skipIf(missing !== undefined)("docker-compose accepts docker-compose.yml", () => {
  const compose = (env: Record<string, string>) =>
    spawnSync("docker-compose", ["--file", file, "config"], { encoding: "utf8", env: { ...process.env, ...env } });
  const { status, stdout, stderr } = compose({ JUPYTER_TOKEN: "canary", PROFILE: "full" });
  expect([status, stderr]).toEqual([0, ""]);
  const seen = (parse(stdout) as { services: Record<string, Service> }).services; // as: what docker-compose prints
  expect(Object.keys(seen).sort()).toEqual(Object.keys(services).sort());
  expect(seen.jupyter?.environment?.JUPYTER_TOKEN).toBe("canary");
  expect(seen.dataflower?.command?.join(" ")).toMatch(/npm run experiments -- --profile full$/);
});
