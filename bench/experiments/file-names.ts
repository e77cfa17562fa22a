const LENGTH_MAX = 80;

/** Gives each name a file name of its own that is safe in every folder: nothing of it leads anywhere else, whatever the name holds. */
export class FileNames {
  readonly #taken = new Set<string>();

  of(name: string): string {
    const safe =
      name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-+|-+$/g, "")
        .slice(0, LENGTH_MAX) || "unnamed";
    let free = safe;
    for (let number = 2; this.#taken.has(free); number++) free = `${safe}-${number}`;
    this.#taken.add(free);
    return free;
  }
}
