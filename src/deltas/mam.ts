/**
 * Mix-And-Match (He et al., 2022): prefix tuning in the attentions and a scaled parallel adapter beside each
 * feed-forward, trained together. With P virtual tokens and x what enters a feed-forward of output h:
 *
 *   K = [P_k; K], V = [P_v; V]                       [P_k; P_v] of all layers = MLP(E), E [P, hidden], tanh inside
 *   LN(h + 4·(relu(x·W_down + b)·W_up + b) + x)      of width ⌊hidden / reduction⌋
 *
 * W_up starts at zero, so the adapters change nothing at first; the prefixes are drawn and do. Files are AdapterHub's
 * (`mam`: a "union" of `prefix_tuning` and `par_bn`); mlp-prefix.ts says what differs from prefix tuning here. In a
 * model that normalises before its sub-layers LN is left out, and x is what enters before that normalisation.
 */
import { bottlenecks, plainWeights } from './adapter.ts';
import { hubConfig, hubPrefixConfig, hubUnion } from './adapter-hub.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { mlpPrefixes } from './mlp-prefix.ts';
import { reducedWidth } from './reduced-width.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';

export interface MamOptions {
  type: 'mam';
  virtualTokens: number;
  /** Hidden width over the adapters'. */
  reduction: number;
  /** Width inside the MLP that gives the prefixes; the model's own when left out. */
  encoderHiddenSize?: number;
}

/** @throws StudioError('unsupported') for a model without attentions or mask, ('spec') for adapters of no width */
export function mam(model: DeltaModel, options: MamOptions, seed: number): Delta {
  const width = reducedWidth(model, options.reduction);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  mlpPrefixes(rewriter, tensors, model, options);
  const shape = { bottleneck: width, activation: 'relu', placement: 'scaledParallel' } as const;
  const beside = bottlenecks(
    { ...model, graph: rewriter.graph, moved: rewriter.moved },
    { type: 'mam', ...shape },
    seed,
    (at) => plainWeights(at, shape),
  );
  const about = hubConfig(model, shape, { reduction_factor: options.reduction });
  const middle = options.encoderHiddenSize ?? model.roles.hidden;
  return {
    ...beside,
    tensors: [...tensors.list, ...beside.tensors],
    hubConfig: hubUnion(about, [hubPrefixConfig(options.virtualTokens, middle), about['config']]),
  };
}
