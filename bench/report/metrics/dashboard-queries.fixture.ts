import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
}

const file = fileURLToPath(new URL("../../../configs/grafana/dashboards/experiments.json", import.meta.url));

export const dashboard = JSON.parse(readFileSync(file, "utf8")) as Dashboard; // as: what the tests read of it; where it is missing they fail

/** Each query of a panel, as it is sent while all values of its variables are chosen. */
export const queries: readonly { readonly title: string; readonly query: string }[] = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => ({
    title,
    query: dashboard.templating.list.reduce((query, { name }) => query.replaceAll(`$${name}`, ".*"), expr),
  })),
);
