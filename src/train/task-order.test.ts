/** Which task a step trains: shares, reproducibility, and that a step's turn depends on nothing but seed and step. */
import { describe, expect, it } from 'vitest';
import { TaskOrder } from './task-order.ts';

const turns = (order: TaskOrder, steps: number) => Array.from({ length: steps }, (_, i) => order.at(i + 1));

describe('the order of tasks', () => {
  it('gives every task as many steps as it has batches in a round, shuffled or not', () => {
    for (const shuffle of [false, true]) {
      const order = new TaskOrder({ steps: [5, 1, 2], sampling: 'proportional', shuffle, seed: 7 });
      for (const round of [0, 1, 2]) {
        const tasks = turns(order, 24)
          .slice(8 * round, 8 * round + 8)
          .map(({ task }) => task);
        expect([0, 1, 2].map((task) => tasks.filter((one) => one === task).length)).toEqual([5, 1, 2]);
      }
      expect(order.turns(24)).toEqual([15, 3, 6]);
    }
  });

  it('gives all alike where that is asked for, in turn', () => {
    const order = new TaskOrder({ steps: [50, 1], sampling: 'equal', shuffle: false, seed: 7 });
    expect(turns(order, 5).map(({ task }) => task)).toEqual([0, 1, 0, 1, 0]);
  });

  it('counts the turns of each task', () => {
    const order = new TaskOrder({ steps: [3, 2], sampling: 'proportional', shuffle: true, seed: 1 });
    const had = [0, 0];
    for (const { task, step } of turns(order, 40)) expect(step).toBe(++had[task]);
    expect(order.turns(40)).toEqual(had);
    expect(order.turns(13).reduce((sum, one) => sum + one)).toBe(13);
  });

  it('is that of the seed alone, wherever it is asked first, and another in each round', () => {
    const make = (seed: number) =>
      new TaskOrder({ steps: [9, 7], sampling: 'proportional', shuffle: true, seed });
    const all = turns(make(3), 48);
    expect(make(3).at(41)).toEqual(all[40]);
    expect(turns(make(3), 48)).toEqual(all);
    expect(turns(make(4), 16)).not.toEqual(all.slice(0, 16));
    const round = (n: number) => all.slice(16 * n, 16 * n + 16).map(({ task }) => task);
    expect(round(1)).not.toEqual(round(0));
  });
});
