import type { IsAny, Leaf, RefTo } from "./ref.js";

/** T, or a ref of T, or a structure of T with refs anywhere inside: what a task accepts as its inputs. */
// biome-ignore lint/suspicious/noExplicitAny: a handler whose input is `any` takes anything, as in plain TypeScript
export type Given<T> = RefTo<T> | (IsAny<T> extends true ? any : [unknown] extends [T] ? unknown : GivenPlain<T>);

type GivenPlain<T> = T extends Leaf
  ? T
  : T extends readonly unknown[]
    ? number extends T["length"]
      ? GivenList<T[number]>
      : { [K in keyof T]: Given<T[K]> }
    : T extends object
      ? { [K in keyof T]: Given<T[K]> }
      : T;

/** An interface, so that recursive types (JSON, trees) are expanded only on demand. */
interface GivenList<E> extends ReadonlyArray<Given<E>> {}

/** The value of a structure with refs inside: what the structure is once every ref has its value. */
// biome-ignore lint/suspicious/noExplicitAny: `any` stays `any`, as in plain TypeScript
export type Resolved<R> = IsAny<R> extends true ? any : R extends RefTo<infer T> ? T : ResolvedPlain<R>;

type ResolvedPlain<R> = R extends Leaf ? R : R extends object ? { -readonly [K in keyof R]: Resolved<R[K]> } : R;

/** An element of the list that a map goes over, be the list a ref or an array that may hold refs. */
export type ElementOf<L> =
  L extends RefTo<infer T> ? (T extends readonly (infer E)[] ? E : never) : L extends readonly (infer E)[] ? Resolved<E> : never;
