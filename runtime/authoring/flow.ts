import type { DataHandler } from "./data.js";
import type { ElementOf, Given, Resolved } from "./given.js";
import type { IsAny, Ref, RefTo } from "./ref.js";
import type { Handler } from "./task-context.js";
import type { MapOptions, ReduceOptions, TaskOptions } from "./task-options.js";

type IsOptionalInput<I> =
  // biome-ignore lint/complexity/noBannedTypes: `{}` asks whether every field of the input may be left out
  IsAny<I> extends true ? false : [unknown] extends [I] ? true : [undefined] extends [I] ? true : {} extends I ? true : false;

type TaskArguments<I, O> =
  IsOptionalInput<I> extends true ? [inputs?: Given<I>, options?: TaskOptions<O>] : [inputs: Given<I>, options?: TaskOptions<O>];

/** Writes a workflow's graph. Alive only while its builder runs. */
export interface Flow {
  /**
   * Adds a task: one call of `handler` with `inputs`, which may be or hold refs. It starts as soon as all of them have their values.
   * The handler alone decides the types; the inputs are checked against it.
   * @returns a ref of what the handler returns
   */
  task<I, O>(handler: Handler<I, O> & DataHandler<O>, ...rest: TaskArguments<NoInfer<I>, NoInfer<O>>): Ref<O>;

  /**
   * Repeats a part of the graph for each element of a list. Maps may be nested 8 deep.
   *
   * An element whose result reads the output of a task that was skipped is left out; the others keep their order. So the list of
   * results is shorter than the list of elements only where `onFailure: "skip-dependents"` or `whenTaskFails: "continue"` allow it.
   * @param list a ref of a list, or an array that may hold refs
   * @param body is called once, while the graph is written, with a ref of one element and of its position
   * @returns a ref of the results in the order of the list
   */
  map<const L extends RefTo<readonly unknown[]> | readonly unknown[], R>(
    list: L,
    body: (item: Ref<ElementOf<L>>, index: Ref<number>) => R,
    options?: MapOptions,
  ): Ref<Resolved<R>[]>;

  /**
   * Merges a list into one value by a tree of calls: groups of `arity` neighbours, level by level, until one value is left.
   * A list of at most `arity` items, the empty one included, is exactly one call. When one call is skipped or given up, there is no value.
   * @param handler is given up to `arity` values in the order of the list
   */
  reduce<E>(
    list: Given<readonly NoInfer<E>[]>,
    handler: Handler<E[], NoInfer<E>> & DataHandler<E>,
    options?: ReduceOptions<NoInfer<E>>,
  ): Ref<E>;
}
