import { DataFlowerError } from "../../actors/kernel/errors.js";
import { type CustomPolicy, policyDefinitionOf } from "../../schedulers/index.js";
import { found } from "../authoring/found.js";
import { loadModule } from "../authoring/load-module.js";

/**
 * What `--scheduler NAME` or `--scheduler MODULE#NAME` stands for: behind the # stands the name of an export, or that of the policy itself.
 * A name alone is checked by whoever uses it.
 *
 * @throws DF_SCHEDULER_UNKNOWN if the module has none of that name, DF_SCHEDULER_INVALID if what it exports is no policy, and what loading
 *   a module raises
 */
export async function schedulerOf(flag: string): Promise<string | CustomPolicy> {
  const at = flag.lastIndexOf("#");
  if (at < 0) return flag;
  const [file, name] = [flag.slice(0, at), flag.slice(at + 1)];
  const module = await loadModule(file);
  const exported = module[name] ?? Object.values(module).find((one) => policyDefinitionOf(one)?.name === name);
  if (policyDefinitionOf(exported) !== undefined) return exported as CustomPolicy; // policy() made it
  if (exported === undefined) {
    throw new DataFlowerError(
      "DF_SCHEDULER_UNKNOWN",
      `Cannot use scheduler ${flag} as ${file} must export a policy of that name: found ${Object.keys(module).join(", ") || "no export"}`,
    );
  }
  throw new DataFlowerError(
    "DF_SCHEDULER_INVALID",
    `Cannot use scheduler ${flag} as it must be what policy() returned: found ${found(exported)}`,
  );
}
