/**
 * What is used of the AssemblyScript compiler. Its own types declare AssemblyScript's globals too, which are not
 * those of the code here (an array's `at` of theirs never gives undefined), so tsconfig.json points here.
 */
interface Output {
  write(chunk: string | Uint8Array): boolean;
}

interface Streams {
  stdout: Output;
  stderr: Output;
  readFile: (name: string) => string | null;
  writeFile: (name: string, contents: string | Uint8Array) => void;
  listFiles: () => string[];
}

/** Compiles by the arguments of the command line; `error` says why it could not. */
export function main(argv: readonly string[], streams: Streams): Promise<{ error: Error | null }>;
