/** `delta export`: a finished run in another format. PEFT folders are what a run holds already. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import { ADAPTER_CONFIG } from '../../src/runs/adapter-names.ts';
import { runMethod } from '../../src/runs/spec.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { print, printJson } from '../output.ts';
import { writeFiles } from '../run-folder.ts';
import { openRunFolder } from '../stored-run.ts';

export async function exportVerb({ flags, json }: Arguments): Promise<number> {
  const { format } = flags;
  if (format !== 'peft' && format !== 'onnx') {
    throw new UsageError(`export: --format: got "${format}"; expected "peft" or "onnx"`);
  }
  if (format === 'onnx') {
    throw new StudioError('unsupported', 'export: --format onnx is not available yet; use --format peft');
  }
  const { folder, stored } = await openRunFolder(flags.run!);
  const source = path.join(folder, 'adapter');
  const names = readdirSync(source);
  if (!names.includes(ADAPTER_CONFIG)) {
    throw new StudioError(
      'unsupported',
      `PEFT has no adapter for the method "${runMethod(stored.spec)}"; ${source} holds what it trained as model.safetensors`,
    );
  }
  const out = path.resolve(flags.out!);
  writeFiles(
    out,
    names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(source, name))) })),
  );
  if (json) printJson({ out, files: names });
  else print(`Written to ${out}: ${names.join(', ')}`);
  return 0;
}
