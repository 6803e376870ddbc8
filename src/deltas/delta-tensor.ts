/** Tensors that a method trains, and how files keep them. */

/** A tensor the method adds and trains. `data` is its initial value, row-major, `dims` as in the graph. */
export interface DeltaTensor {
  /** Initializer name in the rewritten graph, `delta.<method>.<site>.<part>`. */
  name: string;
  dims: readonly number[];
  data: Float32Array;
  /** Where the adapter file keeps it. */
  file: FilePlace;
}

/** A tensor's place in a file: under a name, maybe transposed, maybe as some columns of a wider matrix. */
export interface FilePlace {
  name: string;
  transposed: boolean;
  /** Kept apart from the adapter's own file, with what only further training needs (an encoder of rows). */
  apart?: boolean;
  /** The file's tensor is [rows, columns] and this one is the part from `column` on. */
  part?: { column: number; columns: number };
  /** How a file keeps it in fewer bytes (runs/file-codes.ts). */
  code?: FileCode;
  /** Files have no such tensor: a start leaves it as it begins. */
  unsaved?: boolean;
  /** What files hold under this name is written by something else (`baked`); a start begins from it. */
  startOnly?: boolean;
  /** A file may hold these rows and as many again, which are not read: PEFT's default for T5 prompts. */
  doubled?: boolean;
}

/**
 * `bits`: one a number, whether it is above `above`; read back as `margin` above or below. `nonzero`: places and values
 * of the numbers that are not zero.
 */
export type FileCode = { kind: 'bits'; above: number; margin: number } | { kind: 'nonzero' };
