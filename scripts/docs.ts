/** Writes the parts of the documentation that are made from code: the README's table of errors. */
import { readFileSync, writeFileSync } from "node:fs";
import { withErrorTable } from "./checks/error-table.js";

const readme = readFileSync("README.md", "utf8");
const current = withErrorTable(readme);
if (current === undefined)
  throw new Error("Cannot write the table of errors as README.md must hold <!-- errors:begin --> and <!-- errors:end -->");
writeFileSync("README.md", current);
console.log(current === readme ? "README.md: up to date" : "README.md: table of errors rewritten");
