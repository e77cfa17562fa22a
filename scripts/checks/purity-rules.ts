/**
 * What code may not name, and where.
 *
 * `actors/` and `schedulers/` are pure: given a clock, a seed and the order of messages they are deterministic. The simulator, the exact
 * scheduler tests and the replay of failures stand on that, so the ports that reach the world outside are few, and listed here.
 */
import { testFile } from "./source-files.js";

export interface PurityRule {
  readonly name: string;
  /** Files that the rule holds for. */
  readonly files: RegExp;
  /** Files among them that may, because they are the port. */
  readonly except: RegExp;
  /** Names as `usesOf()` spells them. */
  readonly forbidden: RegExp;
  readonly why: string;
}

const pure = /^(actors|schedulers)\//;
const anywhere = /^/;
const nowhere = /$^/;

export const purityRules: readonly PurityRule[] = [
  {
    name: "pure-imports",
    files: pure,
    except: testFile,
    forbidden: /^import "(?!\.{1,2}\/)/,
    why: "pure code imports its own files only: what it needs from outside is a port",
  },
  {
    name: "pure-world",
    files: pure,
    except: testFile,
    forbidden: oneOf(
      ...["process", "require", "console", "crypto"],
      ...["Worker", "MessageChannel", "MessagePort", "BroadcastChannel", "SharedWorker"],
      ...["fetch", "WebSocket", "EventSource", "XMLHttpRequest"],
      ...["setTimeout", "setInterval", "setImmediate", "performance", "Date.now", "new Date()", "Date()"],
    ),
    why: "pure code is handed its clock, its randomness and its neighbours as ports",
  },
  {
    name: "pure-global-object",
    files: pure,
    except: either(testFile, /^actors\/kernel\/value-kinds\.ts$/), // asks whether there is a Buffer class at all
    forbidden: oneOf("globalThis", "global"),
    why: "whoever holds the global object holds the clock, the network and the process",
  },
  {
    name: "pure-synchronous",
    files: pure,
    except: testFile,
    forbidden: oneOf("async", "await", "import()", "Promise", "PromiseLike", "queueMicrotask"),
    why: "ports are synchronous; whatever ends later comes back as a message",
  },
  {
    name: "clock-port",
    files: /^runtime\//,
    except: either(testFile, /(^|\/)(\w+-)*clock\.ts$/),
    forbidden: oneOf(
      ...["Date.now", "new Date()", "Date()", "performance.now", "process.hrtime", "setTimeout", "setInterval"],
      ...['import "node:timers"', 'import "node:timers/promises"'],
    ),
    why: "time comes in through the clock port, so that a test can turn it",
  },
  {
    name: "random-port",
    files: anywhere,
    except: /^runtime\/(.+\/)?(\w+-)*random\.ts$/,
    forbidden: oneOf("Math.random"),
    why: "randomness comes in as a seeded source, so that a failing run can be replayed",
  },
  {
    name: "no-blocking-wait",
    files: anywhere,
    except: either(testFile, /(^|\/)(\w+-)*(worker|generator)-(main|thread)\.ts$/, /^runtime\/faults\/failpoint\.ts$/),
    forbidden: oneOf("Atomics.wait"),
    why: "it freezes the thread's timers, sockets and control calls; only the entry of a thread of our own may do that, and a planted fault",
  },
  {
    name: "no-wait-async",
    files: anywhere,
    except: nowhere,
    forbidden: oneOf("Atomics.waitAsync"),
    why: "it leaks memory with every call and keeps no thread alive",
  },
  {
    name: "no-code-from-text",
    files: anywhere,
    except: nowhere,
    forbidden: oneOf("eval", "new Function()", "Function()", 'import "node:vm"', 'import "vm"'),
    why: "text from a file, a store or the network must never become code",
  },
];

function oneOf(...names: string[]): RegExp {
  return new RegExp(`^(${names.map((name) => name.replace(/[.()/]/g, "\\$&")).join("|")})$`);
}

function either(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"));
}
