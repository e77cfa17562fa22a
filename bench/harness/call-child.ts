/**
 * A call in a process of its own:
 *
 *     node dist/bench/harness/call-child.js MODULE NAME ARGUMENT
 *
 * calls the function NAME that MODULE, an address, exports, with ARGUMENT, which is JSON, and prints what it returns, as JSON, behind RESULT_MARK.
 * Fails, with the reason on stderr, when it rejects.
 */
import { RESULT_MARK } from "./result-mark.js";

const [module = "", name = "", argument = "{}"] = process.argv.slice(2);
const exported: Readonly<Record<string, unknown>> = await import(module);
const called = exported[name];
if (typeof called !== "function") throw new Error(`Cannot call ${name} as ${module} must export a function of this name: it does not`);
const result: unknown = await called(JSON.parse(argument));
// What it used may keep handles that nothing closes; it is over when its result is written.
process.stdout.write(`${RESULT_MARK}${JSON.stringify(result ?? null)}`, () => process.exit());
