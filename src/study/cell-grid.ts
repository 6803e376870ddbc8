/** The cells of an experiment, each once: what of a grid is the same work under two names is told. */
import { english, say, type Sentence } from '../sentence.ts';
import { shownMethod } from './grid.ts';
import type { Cell, Factors } from './study.ts';

export interface CellGrid {
  /** Each under the name that comes first. */
  cells: Cell[];
  /** Data sets, models and methods that another one of the grid is already. */
  same: Sentence[];
}

/** @param all as the grid names them, which may name the same work twice */
export function cellGrid(all: readonly Cell[]): CellGrid {
  const cells = new Map<string, Cell>();
  const same = new Map<string, Sentence>();
  for (const cell of all) {
    const first = cells.get(cell.id);
    if (first === undefined) cells.set(cell.id, cell);
    const told = first && sameSentence(first.factors, cell.factors);
    if (told !== undefined) same.set(english(told), told);
  }
  return { cells: [...cells.values()], same: [...same.values()] };
}

/** What two places of the same work are called. */
function sameSentence(first: Factors, second: Factors): Sentence | undefined {
  if (first.data !== second.data)
    return say`${second.data} holds the same rows as ${first.data} and is read in the same way: the two count as one data set, ${first.data}.`;
  if (first.model !== second.model)
    return say`${second.model} holds the same weights and words as ${first.model}: the two count as one model, ${first.model}.`;
  if (first.method !== second.method)
    return say`${shownMethod(second.method)} is ${shownMethod(first.method)} with the same options: the two count as one method, ${shownMethod(first.method)}.`;
  return undefined;
}
