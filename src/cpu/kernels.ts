/** What the WebAssembly kernels are called and take, as their build found it in `kernels/`. */

export interface KernelParameter {
  name: string;
  /** `usize` is the address of an operand; the others are constants. */
  type: 'usize' | 'i32' | 'f32';
}

export interface KernelManifest {
  /** Of the sources that the kernels were made from. */
  hash: string;
  /** The place of a kernel is its number in commands. Operands come first among its parameters. */
  kernels: { name: string; file: string; parameters: KernelParameter[] }[];
}

/** Compiled kernels with their manifest. */
export interface Kernels {
  module: WebAssembly.Module;
  manifest: KernelManifest;
  /** Whether multiply and add are fused (relaxed SIMD). */
  relaxed: boolean;
  /** Whether they work on memory that threads share. */
  shared: boolean;
}
