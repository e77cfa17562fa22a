import { describe, expect, test } from "vitest";
import { ReduceShape } from "./reduce-shape.js";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** All shapes of 0 to 40 items in groups of 2 to 5. */
const shapes = [2, 3, 4, 5].flatMap((arity) => range(0, 41).map((count) => new ReduceShape(9, count, arity)));

describe("ReduceShape", () => {
  test("is the tree in its picture", () => {
    const shape = new ReduceShape(9, 5, 2);
    expect(shape.root).toBe(10);
    expect(range(5, 11).map((task) => Object.values(shape.inputsOf(task)))).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
      [5, 7],
      [7, 8],
      [8, 10],
    ]);
    expect(range(0, 11).map((instance) => shape.successorOf(instance))).toEqual([5, 5, 6, 6, 7, 8, 8, 9, 10, 10, -1]);
    expect(range(5, 11).map((task) => shape.missingOf(task))).toEqual([0, 0, 0, 2, 1, 2]);
    expect(shape.roots).toEqual({ from: 5, to: 8 });
  });

  test("of a list of at most arity items is one call", () => {
    for (const shape of shapes.filter(({ count, arity }) => count <= arity)) {
      expect(shape.nodes).toBe(1);
      expect(shape.inputsOf(shape.root)).toEqual({ from: 0, to: shape.count });
      expect(shape.missingOf(shape.root)).toBe(0);
      expect(shape.roots).toEqual({ from: shape.root, to: shape.root + 1 });
    }
  });

  test("every instance but the root is read by exactly one task, the one that is its successor", () => {
    for (const shape of shapes) {
      const readBy = new Map<number, number>();
      for (const task of range(shape.count, shape.instances)) {
        const { from, to } = shape.inputsOf(task);
        for (const input of range(from, to)) {
          expect(readBy.has(input)).toBe(false);
          readBy.set(input, task);
        }
      }
      expect([...readBy.keys()].sort((a, b) => a - b)).toEqual(range(0, shape.root));
      for (const [input, task] of readBy) expect(shape.successorOf(input)).toBe(task);
      expect(shape.successorOf(shape.root)).toBe(-1);
    }
  });

  test("tasks come after what they read; they wait for the tasks among it, and roots for none", () => {
    for (const shape of shapes) {
      for (const task of range(shape.count, shape.instances)) {
        const { from, to } = shape.inputsOf(task);
        expect(to).toBeLessThanOrEqual(task);
        expect(to - from).toBeLessThanOrEqual(shape.arity);
        expect(shape.missingOf(task)).toBe(range(from, to).filter((input) => input >= shape.count).length);
        expect(shape.missingOf(task) === 0).toBe(task >= shape.roots.from && task < shape.roots.to);
      }
    }
  });

  test("keeps the order: a task's items are neighbours, and stand before those of the next", () => {
    for (const shape of shapes) {
      const itemsOf = (instance: number): number[] => {
        if (instance < shape.count) return [instance];
        const { from, to } = shape.inputsOf(instance);
        return range(from, to).flatMap(itemsOf);
      };
      expect(itemsOf(shape.root)).toEqual(range(0, shape.count));
    }
  });
});
