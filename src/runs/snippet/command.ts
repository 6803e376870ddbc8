/** The command line that does what the page does. */
import type { SpecInput } from '../spec.ts';
import { dataFiles } from '../spec-tasks.ts';

export interface CommandLine {
  /** What to type, in the folder of the studio. */
  command: string;
  /** The file that it reads, and what stands in it. */
  file: string;
  json: string;
  /** The spec names files that a page cannot place: they must lie beside the spec. */
  files: string[];
}

export function commandLine(spec: SpecInput): CommandLine {
  const file = `${(spec.name ?? 'comparison').replace(/[^\p{L}\p{N}._-]+/gu, '-')}.json`;
  const quoted = /^[\w.-]+$/.test(file) ? file : `'${file}'`;
  return {
    command: `npm run delta -- compare --spec ${quoted} --out runs/${quoted.replace(/\.json('?)$/, '$1')}`,
    file,
    json: `${JSON.stringify(spec, null, 2)}\n`,
    files: [...dataFiles(spec), spec.model.source].filter((name) => !name.startsWith('builtin:')),
  };
}
