/**
 * The text of a YAML file as plain data that knows its lines: null, booleans, numbers, texts, lists and objects, nothing else.
 *
 * What YAML offers beyond that has one outcome each. All that is refused is DF_SPEC_INVALID; nothing is only a warning.
 *
 * | in the file                                    | outcome                                                                |
 * |------------------------------------------------|------------------------------------------------------------------------|
 * | more than yaml-limits allows                   | refused before it is built                                             |
 * | an anchor, an alias, a merge key `<<`          | refused: what the file says stands where it is used (`"<<"` is a text) |
 * | a tag: `!x`, `!!js/function`, `!!str`          | refused                                                                |
 * | a directive: `%YAML`, `%TAG`                   | refused: all files are YAML 1.2                                        |
 * | a key twice; one that is no text; `__proto__`  | refused                                                                |
 * | two documents                                  | refused                                                                |
 * | a tab as indentation                           | refused; between tokens it is a space                                  |
 * | NUL, other control characters, lone surrogates | refused; `"\0"` in a quoted text is data                               |
 * | byte order mark; CRLF                          | read as if it were not there; as LF                                    |
 * | an empty file                                  | null, which is no workflow; nor is a scalar or a list                  |
 * | `no`, `on`, `yes`, `2024-01-01`, `12:30`       | texts                                                                  |
 * | `0o17`, `0x1F`, `017`                          | 15, 31 and 17                                                          |
 * | an integer beyond ±(2⁵³ − 1), `1e999`          | refused: a number would not hold it; quoted it is a text               |
 * | `.inf`, `-.inf`, `.nan`                        | numbers                                                                |
 */
import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  type ParsedNode,
  Parser,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { found } from "../found.js";
import { placed } from "./placed-error.js";
import { fileBytesMax, keyLengthMax, lexemesMax, linesMax, nestingMax } from "./yaml-limits.js";

/** The keys and positions that lead to a value. */
export type YamlPath = readonly (string | number)[];

/** Aliases and anchors are refused by hand, for the sake of their lines; so are keys twice, which Composer compares pair by pair. */
const composerOptions = {
  version: "1.2",
  schema: "core",
  strict: true,
  uniqueKeys: false,
  intAsBigInt: true,
  resolveKnownTags: false,
  prettyErrors: false,
} as const;

/** All of Cc but tab, line feed, carriage return and next line. */
const controlCharacter = /[^\P{Cc}\t\n\r\x85]/u;

export class YamlSource {
  /** Lists and objects are fresh; objects have no inherited setters to trip over, as `__proto__` is refused. */
  readonly value: unknown;
  readonly #text: string;
  readonly #file: string;
  readonly #root: ParsedNode | null;

  /**
   * @param file how messages name it
   * @throws DF_SPEC_INVALID
   */
  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    this.#requireText();
    this.#root = this.#compose();
    this.value = this.#valueOf(this.#root, []);
  }

  /** `flow.yaml:7: tasks.resize.inputs`; a path that leads nowhere has the line of what it was looked for in. */
  place(path: YamlPath): string {
    return [this.#lineAt(this.#offsetOf(path)), ...(path.length === 0 ? [] : [path.join(".")])].join(": ");
  }

  /** @param message "Cannot … as <rule>: found <what>" */
  refuse(path: YamlPath, message: string): never {
    throw new DataFlowerError("DF_SPEC_INVALID", `${this.place(path)}: ${message}`);
  }

  /** Calls `check`; what it throws gets the line of `path` in front. */
  checked<Value>(path: YamlPath, check: () => Value): Value {
    try {
      return check();
    } catch (error) {
      throw placed(error, this.#lineAt(this.#offsetOf(path)));
    }
  }

  #requireText(): void {
    if (this.#text.length > fileBytesMax) this.#refuseAt(0, `a file is at most ${fileBytesMax} bytes`, "a longer one");
    const control = this.#text.search(controlCharacter);
    if (control >= 0) this.#refuseAt(control, "it must hold no control characters", found(this.#text.charAt(control)));
    if (this.#text.split("\n", linesMax + 1).length > linesMax) this.#refuseAt(0, `a file has at most ${linesMax} lines`, "one more");
  }

  #compose(): ParsedNode | null {
    const [document] = new Composer(composerOptions).compose(this.#tokens(), true, this.#text.length);
    // A tag that means nothing is a warning; all tags are refused below, where their paths are known.
    const mistake = document?.errors[0] ?? document?.warnings.find(({ code }) => code !== "TAG_RESOLVE_FAILED");
    if (mistake !== undefined) this.#refuseAt(mistake.pos[0], "it must be YAML 1.2", mistake.message);
    return document?.contents ?? null;
  }

  /** Parsing needs no call stack and can be stopped; Composer recurses, so nothing deep may get there. */
  #tokens(): CST.Token[] {
    const parser = new Parser();
    const tokens: CST.Token[] = [];
    let lexemeCount = 0;
    for (const lexeme of new Lexer().lex(this.#text)) {
      if (++lexemeCount > lexemesMax) this.#refuseAt(parser.offset, `a file has at most ${lexemesMax} words and marks`, "one more");
      tokens.push(...parser.next(lexeme));
      // The stack holds the document, what lies around the value, and the value.
      if (parser.stack.length > nestingMax + 2) this.#refuseAt(parser.offset, `lists and objects nest ${nestingMax} deep`, "one deeper");
    }
    tokens.push(...parser.end());
    this.#requireOneDocument(tokens);
    return tokens;
  }

  #requireOneDocument(tokens: readonly CST.Token[]): void {
    const directive = tokens.find(({ type }) => type === "directive");
    if (directive !== undefined) this.#refuseAt(directive.offset, "it must hold no directives", found((directive as CST.Directive).source));
    const [, second] = tokens.filter(({ type }) => type === "document");
    if (second !== undefined) this.#refuseAt(second.offset, "it must be one document", "a second one");
  }

  #valueOf(node: ParsedNode | null, path: YamlPath): unknown {
    if (node === null) return null;
    if (isAlias(node)) return this.refuse(path, `Cannot read this as aliases are not followed: found *${node.source}`);
    if (node.anchor !== undefined) this.refuse(path, `Cannot read this as anchors are of no use without aliases: found &${node.anchor}`);
    if (node.tag !== undefined) this.refuse(path, `Cannot read this as values have no tags: found ${node.tag}`);
    if (isMap(node)) return this.#objectOf(node, path);
    if (isSeq(node)) return (node as YAMLSeq<ParsedNode>).items.map((item, index) => this.#valueOf(item, [...path, index]));
    return this.#scalarOf(node.value, node.source, path);
  }

  #objectOf(map: YAMLMap<ParsedNode, ParsedNode | null>, path: YamlPath): unknown {
    const members = new Map<string, unknown>();
    for (const { key, value } of map.items) {
      const name = this.#keyOf(key, path);
      if (members.has(name)) this.#refuseAt(key.range[0], "an object has each key once", `${found(name)} again`);
      members.set(name, this.#valueOf(value, [...path, name]));
    }
    return Object.fromEntries(members);
  }

  #keyOf(node: ParsedNode, path: YamlPath): string {
    const key = this.#valueOf(node, path);
    const at = node.range[0];
    if (typeof key !== "string") return this.#refuseAt(at, "keys are texts, in quotes where they look like something else", found(key));
    if (key.length > keyLengthMax) this.#refuseAt(at, `keys have at most ${keyLengthMax} characters`, found(key));
    if (key === "__proto__") this.#refuseAt(at, "this key is not allowed", "__proto__");
    if (key === "<<" && isScalar(node) && node.type === "PLAIN") this.#refuseAt(at, "there are no merge keys", "<<");
    return key;
  }

  #scalarOf(value: unknown, source: string, path: YamlPath): unknown {
    if (typeof value === "string" && !value.isWellFormed())
      this.refuse(path, "Cannot read this as text must be well-formed Unicode: found a lone surrogate");
    if (typeof value === "bigint") return this.#integerOf(value, path);
    if (typeof value === "number" && !Number.isFinite(value) && !/\.(inf|nan)$/i.test(source)) {
      this.refuse(path, `Cannot read this as a number must not be too large for one: found ${source}`);
    }
    return value;
  }

  #integerOf(value: bigint, path: YamlPath): number {
    const integer = Number(value);
    if (Number.isSafeInteger(integer)) return integer;
    return this.refuse(
      path,
      `Cannot read this as an integer lies within ±${Number.MAX_SAFE_INTEGER}, or is a text in quotes: found ${value}`,
    );
  }

  #offsetOf(path: YamlPath): number {
    let node: ParsedNode | null | undefined = this.#root;
    let offset = node?.range[0] ?? 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair: Pair<ParsedNode, ParsedNode | null> | undefined = node.items.find(({ key }) => isScalar(key) && key.value === step);
        offset = pair?.key.range[0] ?? offset;
        node = pair?.value;
      } else if (isSeq(node)) {
        node = (node as YAMLSeq<ParsedNode>).items[Number(step)];
        offset = node?.range[0] ?? offset;
      }
    }
    return offset;
  }

  #lineAt(offset: number): string {
    return `${this.#file}:${this.#text.slice(0, offset).split("\n").length}`;
  }

  #refuseAt(offset: number, rule: string, what: string): never {
    throw new DataFlowerError("DF_SPEC_INVALID", `${this.#lineAt(offset)}: Cannot read this as ${rule}: found ${what}`);
  }
}
