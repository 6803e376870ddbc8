/**
 * `delta export`: a finished run in another format. PEFT folders are what a run holds already; an ONNX file is
 * held to our own forward pass in onnxruntime-web before anything is said of it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import { say } from '../../src/sentence.ts';
import { describeFolder } from '../../src/runs/adapter-layouts.ts';
import { oneTaskAdapter } from '../../src/runs/head-files.ts';
import { taskRun } from '../../src/runs/record.ts';
import { runMethod } from '../../src/runs/spec.ts';
import { exportRun } from '../../src/train/export-onnx.ts';
import { UsageError, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { print, printJson } from '../output.ts';
import { refuseUsed, writeNewFolder } from '../out-folder.ts';
import { loadBase, openRunFolder, type StoredRunFolder } from '../stored-run.ts';

export async function exportVerb(args: Arguments): Promise<number> {
  const { format, run, out } = args.flags;
  if (format !== 'peft' && format !== 'onnx') {
    throw new UsageError(`export: --format: got "${format}"; expected "peft" or "onnx"`);
  }
  refuseUsed(out!);
  const folder = await openRunFolder(run!);
  const opened = { ...folder, stored: taskRun(folder.stored, args.flags.task) };
  const place = path.resolve(out!);
  return format === 'peft' ? exportPeft(opened, place, args) : exportOnnx(opened, place, args);
}

async function exportPeft(
  { adapter, stored }: StoredRunFolder,
  out: string,
  { json }: Arguments,
): Promise<number> {
  const source = adapter.label;
  if ((await describeFolder(adapter.folder, source))?.layout !== 'peft') {
    const method = runMethod(stored.spec);
    throw new StudioError(
      'unsupported',
      say`PEFT has no adapter for the method "${method}"; take ${source} as it is, or export --format onnx.`,
    );
  }
  const found = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isFile());
  const read = found.map(({ name }) => ({
    name,
    bytes: new Uint8Array(readFileSync(path.join(source, name))),
  }));
  const files = stored.task === undefined ? read : await oneTaskAdapter(read, adapter.folder, stored.task);
  const names = files.map(({ name }) => name);
  writeNewFolder(out, files);
  if (json) printJson({ out, files: names });
  else print(`Written to ${out}: ${names.join(', ')}`);
  return 0;
}

async function exportOnnx(run: StoredRunFolder, out: string, { flags, json }: Arguments): Promise<number> {
  const base = await loadBase(run);
  const { files, difference, values } = await withStudio(flags, (studio) =>
    exportRun(studio, run.stored, base, run.adapter, { force: flags.force === true }),
  );
  writeNewFolder(out, files);
  const names = files.map(({ name }) => name);
  if (json) printJson({ out, files: names, difference, values });
  else {
    print(`Written to ${out}: ${names.join(', ')}`);
    print(`Largest difference from onnxruntime-web: ${difference.toExponential(1)} over ${values} values`);
  }
  return 0;
}
