/** Where a thread finds the handlers of a workflow, in the order in which the graph numbers them. */
export type HandlerSource =
  /** A module that exports the workflow: its builder runs again, for their sake only. */
  | { readonly kind: "workflow"; readonly module: string; readonly handlerNames: readonly string[] }
  /** Modules that export the handlers themselves, as files that describe workflows name them. */
  | { readonly kind: "exports"; readonly handlers: readonly HandlerExport[] };

/** One function that a module exports. */
export interface HandlerExport {
  /** A `file:` URL. */
  readonly module: string;
  /** Name of the export. */
  readonly name: string;
}
