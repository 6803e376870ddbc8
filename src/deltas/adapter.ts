/**
 * Bottleneck adapters: A(u) = act(u·W_down + b_down)·W_up + b_up (Houlsby et al., 2019). W_up and the biases
 * start at zero, so a fresh adapter changes nothing; W_down starts U(±1/√in).
 *
 *   both            h + A(h) on the output h of attention and of feed-forward, before the residual (Houlsby;
 *                   AdapterHub's `double_seq_bn`; the delta tuning study)
 *   ffn             the same after feed-forward alone (the single position of Pfeiffer et al., 2021)
 *   parallel        h + A(x) beside feed-forward, x what enters it (He et al., 2022)
 *   scaledParallel  h + s·A(x), s = 4 (He et al.; AdapterHub's `par_bn`)
 */
import { scalarInitializer } from '../graph/tensor.ts';
import type { SublayerSite } from '../graph/roles.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';
import { activationNodes } from './nodes.ts';
import type { AdapterActivation } from './nodes.ts';
import { notApplicable } from './refusal.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';

export type AdapterPlacement = 'both' | 'ffn' | 'parallel' | 'scaledParallel';

export interface AdapterOptions {
  type: 'adapter';
  bottleneck: number;
  activation: AdapterActivation;
  placement: AdapterPlacement;
}

/** He et al.'s factor of the scaled parallel adapter. */
const PARALLEL_SCALE = 4;

export function adapter(model: DeltaModel, options: AdapterOptions, seed: number): Delta {
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const sites = model.roles.sublayers.filter(
    ({ role }) => role.endsWith('.ffn') || options.placement === 'both',
  );
  if (sites.length === 0)
    throw notApplicable('adapter', 'attention and feed-forward with residuals around them');
  for (const site of sites) attach(model, rewriter, tensors, site, options);
  return {
    type: 'adapter',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [],
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    peftConfig: null,
  };
}

/** Module whose output the sub-layer's residual takes: the last linear of the sub-layer. */
function lastModule(model: DeltaModel, site: SublayerSite): string {
  const linear = model.roles.linears.find(({ output }) => output === site.output);
  return linear?.module ?? site.role;
}

function attach(
  model: DeltaModel,
  rewriter: Rewriter,
  tensors: TensorTable,
  site: SublayerSite,
  options: AdapterOptions,
): void {
  const { hidden } = model.roles;
  const { bottleneck } = options;
  const module = lastModule(model, site);
  const prefix = `delta.adapter.${module}`;
  const file = (part: string, transposed: boolean): FilePlace => ({
    name: `base_model.model.${module}.${part}`,
    transposed,
  });
  const bound = 1 / Math.sqrt(hidden);
  const down = tensors.uniform(
    `${prefix}.down.weight`,
    [hidden, bottleneck],
    file('adapter_down.weight', true),
    bound,
  );
  const downBias = tensors.zeros(`${prefix}.down.bias`, [bottleneck], file('adapter_down.bias', false));
  const up = tensors.zeros(`${prefix}.up.weight`, [bottleneck, hidden], file('adapter_up.weight', true));
  const upBias = tensors.zeros(`${prefix}.up.bias`, [hidden], file('adapter_up.bias', false));

  const path = `/delta/adapter/${site.role}`;
  const parallel = options.placement === 'parallel' || options.placement === 'scaledParallel';
  const output = rewriter.current(site.output);
  const input = parallel ? rewriter.current(site.input) : output;
  const project = rewriter.node(`${path}/down/MatMul`, 'MatMul', [input, down]);
  const biased = rewriter.node(`${path}/down/Add`, 'Add', [project.outputs[0], downBias]);
  const active = activationNodes(
    rewriter,
    `${path}/${options.activation}`,
    options.activation,
    biased.outputs[0],
  );
  const expand = rewriter.node(`${path}/up/MatMul`, 'MatMul', [active.at(-1)!.outputs[0], up]);
  const shifted = rewriter.node(`${path}/up/Add`, 'Add', [expand.outputs[0], upBias]);
  const nodes = [project, biased, ...active, expand, shifted];
  let branch = shifted.outputs[0];
  if (options.placement === 'scaledParallel') {
    const factor = rewriter.addInitializer(
      scalarInitializer(rewriter.fresh(`${path}/scale`), PARALLEL_SCALE),
    );
    const scaled = rewriter.node(`${path}/Mul`, 'Mul', [branch, factor]);
    nodes.push(scaled);
    branch = scaled.outputs[0];
  }
  const sum = rewriter.node(`${path}/Add`, 'Add', [output, branch]);
  nodes.push(sum);
  rewriter.insertAfter([output, input], nodes);
  rewriter.redirect(output, sum.outputs[0], new Set(nodes));
}
