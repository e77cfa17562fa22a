import type { IsAny, Leaf, Mistake } from "./ref.js";

/**
 * T itself where T is data: what may be copied to a task, cross a thread and enter a store. Otherwise a readable complaint at the
 * place of the mistake. Interfaces and type aliases both pass. The codec has the last word at run time (DF_UNSERIALIZABLE).
 */
export type Data<T, Depth extends 0[] = []> =
  IsAny<T> extends true
    ? T
    : [unknown] extends [T]
      ? T
      : Depth["length"] extends 6
        ? T // deep enough: recursive types (JSON, trees) end here, the codec checks the rest
        : T extends (...args: never[]) => unknown
          ? Mistake<"A function is not data: it cannot cross a thread or enter the store">
          : T extends symbol
            ? Mistake<"A symbol is not data">
            : T extends PromiseLike<unknown>
              ? Mistake<"A promise is not data: await it in the task">
              : T extends WeakMap<object, unknown> | WeakSet<object>
                ? Mistake<"A weak collection is not data">
                : T extends SharedArrayBuffer
                  ? Mistake<"Shared memory is not data: tasks share nothing but what they are given">
                  : T extends Leaf
                    ? T
                    : T extends object
                      ? { [K in keyof T]: Data<T[K], [...Depth, 0]> }
                      : T;

/** Complains about handlers whose outputs are not data. */
export type DataHandler<O> =
  IsAny<O> extends true ? unknown : [O] extends [Data<O>] ? unknown : (...args: never[]) => Data<O> | Promise<Data<O>>;
