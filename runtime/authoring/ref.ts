/**
 * Refs: typed stand-ins for values that exist only while a run executes.
 *
 * A property of a ref is a ref of that property. What a ref can stand in for is decided here, by types alone; the objects
 * themselves are made in building/ref-proxy.ts, and using one as if it were its value throws DF_REF_USED_AS_VALUE.
 */

declare const VALUE: unique symbol;

/** A value that will exist when the run gets there. Covariant: a ref of "a" is a ref of string. */
export interface RefTo<out T> {
  readonly [VALUE]: T;
  /** Never called: a call signature makes TypeScript refuse `if (ref)` and `ref ? a : b` (error 2774). */
  (refHasNoValueWhileTheGraphIsWritten: never): never;
}

/** Values without fields to reach through: a ref to one is opaque. */
export type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: a task may return nothing, and a ref of nothing is opaque
  | void
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ((...args: never[]) => unknown);

export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Own data of an object: symbols and methods do not travel, so they are no fields of a ref. */
type DataKey<T> = {
  [K in keyof T]-?: K extends symbol ? never : NonNullable<T[K]> extends (...args: never[]) => unknown ? never : K;
}[keyof T];

/** undefined and null pass through a field access, as `?.` does: the type says so. */
// biome-ignore lint/suspicious/noConfusingVoidType: the output of a task that may return nothing
type Missing<T> = T extends null | undefined | void ? undefined : never;

declare const HINT: unique symbol;
/** A member that exists only to make a mistake readable in the compiler's message. */
export interface Mistake<Message extends string> {
  readonly [HINT]: Message;
}

interface ListHints {
  readonly map: Mistake<"A ref has no elements yet: write flow.map(list, item => ...)">;
  readonly filter: Mistake<"A ref has no elements yet: filter inside a task">;
  readonly forEach: Mistake<"A ref has no elements yet: write flow.map(list, item => ...)">;
  readonly reduce: Mistake<"A ref has no elements yet: write flow.reduce(list, handler)">;
}

type Fields<T> =
  IsAny<T> extends true
    ? unknown
    : [unknown] extends [T]
      ? unknown
      : [Exclude<T, null | undefined>] extends [never]
        ? unknown
        : [Exclude<T, null | undefined>] extends [Leaf]
          ? unknown
          : [Exclude<T, null | undefined>] extends [readonly unknown[]]
            ? ListFields<Exclude<T, null | undefined>, Missing<T>>
            : ObjectFields<Exclude<T, null | undefined>, Missing<T>>;

type ListFields<T, M> = T extends readonly unknown[]
  ? number extends T["length"]
    ? ListHints & { readonly length: Ref<number | M> }
    : { readonly [K in keyof T as K extends `${number}` ? K : never]: Ref<T[K] | M> } & ListHints & {
          readonly length: Ref<T["length"] | M>;
        }
  : unknown;

/** Distributes over unions, so only fields that every member has can be reached. */
type ObjectFields<T, M> = T extends Leaf | readonly unknown[]
  ? unknown
  : T extends object
    ? { readonly [K in DataKey<T>]-?: Ref<T[K] | M> }
    : unknown;

/**
 * What a builder works with: a ref whose data fields are refs.
 *
 * Pass it to a task, alone or anywhere inside the task's inputs. Text, arithmetic, iteration, spread, JSON and `await` of a ref
 * throw DF_REF_USED_AS_VALUE, because the value does not exist yet.
 */
export type Ref<T> = RefTo<T> & Fields<T>;
