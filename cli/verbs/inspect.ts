/** `delta inspect`: what a model is, where deltas can attach, what rules it out; or how a data file reads. */
import { say } from '../../src/sentence.ts';
import { inspectModel, type Inspection } from '../../src/models/inspect.ts';
import { loadModel } from '../../src/models/load.ts';
import { trainability } from '../../src/models/trainable.ts';
import { tokenizerOf } from '../../src/train/prepare.ts';
import type { Arguments } from '../arguments.ts';
import { sourceFiles } from '../files.ts';
import { mebibytes, print, printJson } from '../output.ts';
import { inspectData, namesData } from './inspect-data.ts';
import { describeTokens, holdsModel, tokenizerIn, tokensOf } from './inspect-tokens.ts';

export async function inspect(args: Arguments): Promise<number> {
  const { target, flags, json } = args;
  if (namesData(target!)) return inspectData(args);
  const files = await sourceFiles(target!);
  const wantsTokens = flags.sentence !== undefined || flags.lines !== undefined;
  if (wantsTokens && !(await holdsModel(files))) {
    const tokens = await tokensOf(await tokenizerIn(files, target!), flags);
    if (json) printJson({ source: target, ...tokens });
    else print(describeTokens(tokens));
    return 0;
  }
  const model = await loadModel(files, target!, { unsupported: 'report' });
  const { roles, refusal } = trainability(model);
  // What the operators rule out stands in the model already.
  const more = refusal !== null && model.unsupported.length === 0;
  const unsupported = more ? [{ node: '', op: '', why: refusal.sentence, remedy: say`` }] : [];
  const found = inspectModel(model, roles, unsupported);
  const tokens = wantsTokens ? await tokensOf(tokenizerOf(model), flags) : {};
  if (json) printJson({ ...found, ...tokens });
  else print(wantsTokens ? `${describe(found)}\n\n${describeTokens(tokens)}` : describe(found));
  return 0;
}

function describe(found: Inspection): string {
  const { architecture, parameters, roles } = found;
  const shape = Object.entries(architecture).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${value}`],
  );
  const lines = [
    `${found.source}: ${found.family}, ${found.task}, opset ${found.opset} (${found.producer || 'unknown exporter'})`,
    shape.join(', '),
    `${parameters.count.toLocaleString('en')} parameters in ${parameters.tensors} tensors, ${mebibytes(parameters.bytes)}`,
  ];
  if (found.labels.length > 0) lines.push(`labels: ${found.labels.join(', ')}`);
  lines.push('', 'tensors (name in the file where it differs):');
  for (const { name, originalName, shape: dims, head } of found.tensors) {
    const original = originalName === name ? '' : `  (${originalName})`;
    lines.push(`  ${name} [${dims.join(', ')}]${head ? ' head' : ''}${original}`);
  }
  if (roles !== null) {
    lines.push('', 'roles:');
    const linears = roles.linears.map(({ role, module }) => `  ${role}  ${module}`);
    const norms = roles.norms.map(({ role, module }) => `  ${role}  ${module}`);
    const embeddings = roles.embeddings.map(({ role, module }) => `  ${role}  ${module}`);
    lines.push(...embeddings, ...linears, ...norms);
  }
  if (!found.supported) {
    lines.push('', 'cannot be trained:');
    for (const { node, op, why, remedy } of found.unsupported) {
      const place = [op, node].filter((part) => part !== '').join(' ');
      lines.push(
        `  ${[place, why].filter((part) => part !== '').join(' ')}${remedy === '' ? '' : `; ${remedy}`}`,
      );
    }
  }
  for (const note of found.notes) lines.push('', `note: ${note}`);
  return lines.join('\n');
}
