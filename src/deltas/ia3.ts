/**
 * IA³ (Liu et al., 2022): learned vectors scale keys, values and what enters the linears that end a
 * sub-layer. All start at one, so step 0 leaves the model as it was. Which places, and that feed-forward
 * vectors act on the linear's input, follows PEFT: on BERT its suffix `output.dense` names both `o` and
 * `ffn.out`. PEFT stores [out, 1] for outputs and [1, in] for inputs.
 */
import type { LinearSite } from '../graph/roles.ts';
import { modulesOf } from './beside.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { matchesRole, matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';

export interface Ia3Options {
  type: 'ia3';
  targets: string[];
}

/** Roles whose input is scaled instead of the output. */
const FEEDFORWARD = ['o', 'ffn.out'];

export function ia3(model: DeltaModel, options: Ia3Options, seed: number): Delta {
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const sites = matchTargets(model, options.targets);
  const onInput = (site: LinearSite): boolean => FEEDFORWARD.some((role) => matchesRole(role, site.role));
  for (const site of sites) {
    const path = `/delta/ia3/${site.role}/Mul`;
    const name = `delta.ia3.${site.module}`;
    const file = { name: `base_model.model.${site.module}.ia3_l`, transposed: false };
    if (onInput(site)) {
      const vector = tensors.ones(name, [1, site.inFeatures], file);
      const matmul = rewriter.graph.nodes.find((node) => node.name === site.matmul)!;
      const scaled = rewriter.node(path, 'Mul', [matmul.inputs[0], vector]);
      rewriter.insertAfter([matmul.inputs[0]], [scaled]);
      matmul.inputs = [scaled.outputs[0], ...matmul.inputs.slice(1)];
    } else {
      const vector = tensors.ones(name, [1, site.outFeatures], { ...file, transposed: true });
      const output = rewriter.current(site.output);
      const scaled = rewriter.node(path, 'Mul', [output, vector]);
      rewriter.insertAfter([output], [scaled]);
      rewriter.redirect(output, scaled.outputs[0], new Set([scaled]));
    }
  }
  return {
    type: 'ia3',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    peftConfig: {
      peft_type: 'IA3',
      target_modules: modulesOf(sites),
      feedforward_modules: modulesOf(sites.filter(onInput)),
      fan_in_fan_out: false,
      init_ia3_weights: true,
    },
  };
}
