/**
 * Installs the programs that tests need and that npm does not bring, from Debian's packages where this user may, and says what to install
 * by hand elsewhere. Tests whose tool is missing are skipped with the reason, except in CI, where a missing tool fails the set-up.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

interface Tool {
  readonly command: string;
  readonly debianPackages: readonly string[];
  readonly neededFor: string;
}

const tools: readonly Tool[] = [
  { command: "spin", debianPackages: ["spin"], neededFor: "checking the models of the shared-memory protocols" },
  { command: "gcc", debianPackages: ["gcc", "libc6-dev"], neededFor: "compiling the checkers that spin writes" },
  { command: "redis-server", debianPackages: ["redis-server"], neededFor: "keeping runs in Redis" },
  { command: "openssl", debianPackages: ["openssl"], neededFor: "the certificates of Redis servers that speak TLS" },
  { command: "strace", debianPackages: ["strace"], neededFor: "making disks slow or bad" },
  { command: "prometheus", debianPackages: ["prometheus"], neededFor: "reading the metrics of experiments" },
  { command: "docker-compose", debianPackages: ["docker-compose"], neededFor: "checking docker-compose.yml" },
  { command: "jupyter-nbconvert", debianPackages: ["jupyter-client", "jupyter-nbconvert"], neededFor: "executing the notebook" },
  { command: "chromium", debianPackages: ["chromium"], neededFor: "looking at pages" },
];

const installSecondsMax = 600;

let missing = tools.filter((tool) => !isPresent(tool));
if (missing.length > 0 && mayInstall()) {
  install(missing.flatMap(({ debianPackages }) => debianPackages));
  missing = tools.filter((tool) => !isPresent(tool));
}
for (const { command, debianPackages, neededFor } of missing) {
  console.error(`setup: ${command} is missing, needed for ${neededFor}; on Debian or Ubuntu: apt-get install ${debianPackages.join(" ")}`);
}
if (missing.length === 0) console.log("setup: every tool that the tests need is here");
else if (process.env.CI === "true") process.exitCode = 1;

function isPresent({ command }: Tool): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function mayInstall(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  return /^(ID|ID_LIKE)=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
}

function install(packages: readonly string[]): void {
  console.log(`setup: installing ${packages.join(", ")}`);
  if (aptGet("update")) aptGet("install", "--yes", "--no-install-recommends", ...packages);
}

function aptGet(...options: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const timeout = installSecondsMax * 1_000;
  const { status, error } = spawnSync("apt-get", ["--quiet", ...options], { env, stdio: ["ignore", "inherit", "inherit"], timeout });
  if (status !== 0) console.error(`setup: apt-get ${options.join(" ")} failed: ${error?.message ?? `exit code ${status}`}`);
  return status === 0;
}
