/** Tidies a host part: equal work is done once, and what the program does not read is not done. */
import type { HostPart, HostStep } from './host.ts';
import { substitute } from './fuse/wiring.ts';
import type { Program } from './program.ts';

/** Merges equal constants, steps and uploads, in place. Readers of a merged upload read the one kept. */
export function shareHost(program: Program, host: HostPart): void {
  const names = new Map<string, string>();
  const resolve = (name: string): string => names.get(name) ?? name;
  const seen = new Map<string, string[]>();
  for (const [name, { type, shape, data }] of [...host.constants]) {
    if (data.length > 4096) continue;
    const key = `${type}[${shape.join()}]${data.join()}`;
    const first = seen.get(key);
    if (!first) seen.set(key, [name]);
    else {
      names.set(name, first[0]);
      host.constants.delete(name);
    }
  }
  host.steps = host.steps.filter((step) => {
    step.inputs = step.inputs.map(resolve);
    const key = JSON.stringify([step.op, step.inputs, step.attributes]);
    const twin = seen.get(key);
    if (!twin) seen.set(key, step.outputs);
    else step.outputs.forEach((name, i) => names.set(name, twin[i]));
    return !twin;
  });
  const uploads = new Map<string, string>();
  const merged = new Map<string, string>();
  host.outputs = host.outputs.filter((output) => {
    output.from = resolve(output.from);
    const key = JSON.stringify([output.from, output.type, output.shape, output.table ?? null]);
    const twin = uploads.get(key);
    if (twin === undefined || program.outputs.includes(output.id)) {
      uploads.set(key, twin ?? output.id);
      return true;
    }
    merged.set(output.id, twin);
    program.values.delete(output.id);
    return false;
  });
  substitute(program, merged);
}

/** The host part without the outputs the program no longer reads, and without the steps only they needed. */
export function pruneHost(host: HostPart, program: Program): HostPart {
  const outputs = host.outputs.filter((output) => program.values.get(output.id)?.kind === 'host');
  const needed = new Set(outputs.map((output) => output.from));
  const steps: HostStep[] = [];
  for (const step of host.steps.toReversed()) {
    if (!step.outputs.some((name) => needed.has(name))) continue;
    for (const name of step.inputs) needed.add(name);
    steps.unshift(step);
  }
  return {
    ...host,
    constants: new Map([...host.constants].filter(([name]) => needed.has(name))),
    inputs: host.inputs.filter((input) => needed.has(input.name)),
    steps,
    outputs,
  };
}
