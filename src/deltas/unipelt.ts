/**
 * UniPELT (Mao et al., 2022): prefix tuning, LoRA and a bottleneck adapter in one, and a gate at each of them that
 * learns how much of it a text needs. With g = mean of σ(x·w + b) over the text's tokens, a number a row of the batch:
 *
 *   K = [g·P_k; K], V = [g·P_v; V]        in every attention; [P_k; P_v] of all layers = MLP(E), tanh inside
 *   y + g·(x·A)·B                         beside queries and values
 *   LN(g·A(u) + h + x), u = LN(h + x)     after every feed-forward: a ReLU adapter of width ⌊hidden / reduction⌋
 *
 * Each of the parts has a gate of its own in each layer, which reads what that part reads (gate.ts says what counts and
 * what a decoder's gates read). B and W_up start at zero and the prefixes do not: step 0 is not the untouched model.
 * Files are AdapterHub's (`unipelt`: a "union" of `prefix_tuning`, `seq_bn` and `lora`, all with `use_gating`).
 */
import { bottlenecks, plainWeights } from './adapter.ts';
import { hubConfig, hubLoraConfig, hubLoraPlace, hubPrefixConfig, hubUnion } from './adapter-hub.ts';
import { addBeside, checkRank } from './beside.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { gateOf, needsMask } from './gate.ts';
import { mlpPrefixes } from './mlp-prefix.ts';
import { reducedWidth } from './reduced-width.ts';
import { Rewriter } from './rewrite.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';

export interface UnipeltOptions {
  type: 'unipelt';
  virtualTokens: number;
  /** Hidden width over the adapters'. */
  reduction: number;
  /** Of LoRA. */
  rank: number;
  /** Width inside the MLP that gives the prefixes; the model's own when left out. */
  encoderHiddenSize?: number;
}

/** AdapterHub's and the paper's matrices for LoRA. */
const TARGETS = ['q', 'v'] as const;

/** @throws StudioError('unsupported') for a model without such places, ('spec') for widths or ranks that cannot be */
export function unipelt(model: DeltaModel, options: UnipeltOptions, seed: number): Delta {
  needsMask(model, 'unipelt');
  const width = reducedWidth(model, options.reduction);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  mlpPrefixes(rewriter, tensors, model, options, true);
  lora(rewriter, tensors, model, options);
  const shape = { bottleneck: width, activation: 'relu', placement: 'pfeiffer' } as const;
  const adapters = bottlenecks(
    { ...model, graph: rewriter.graph, moved: rewriter.moved },
    { type: 'unipelt', ...shape, gated: true },
    seed,
    (at) => plainWeights(at, shape),
  );
  const about = hubConfig(model, shape, { reduction_factor: options.reduction, use_gating: true });
  const middle = options.encoderHiddenSize ?? model.roles.hidden;
  return {
    ...adapters,
    tensors: [...tensors.list, ...adapters.tensors],
    hubConfig: hubUnion(about, [
      { ...hubPrefixConfig(options.virtualTokens, middle), use_gating: true },
      about['config'],
      { ...hubLoraConfig(options.rank, TARGETS), use_gating: true },
    ]),
  };
}

/** Low-rank factors beside queries and values, each pair with its gate. */
function lora(rewriter: Rewriter, tensors: TensorTable, model: DeltaModel, options: UnipeltOptions): void {
  const { rank } = options;
  for (const site of matchTargets(model, TARGETS)) {
    checkRank(rank, site);
    const { module, inFeatures, outFeatures, role } = site;
    const key = `delta.unipelt.${module}`;
    const file = (part: string, transposed = false) => hubLoraPlace(module, part, transposed);
    const a = tensors.uniform(
      `${key}.lora_A`,
      [inFeatures, rank],
      file('lora_A', true),
      1 / Math.sqrt(inFeatures),
    );
    const b = tensors.zeros(`${key}.lora_B`, [rank, outFeatures], file('lora_B', true));
    addBeside(rewriter, site, 'unipelt', (chain, x) => {
      const gate = gateOf(chain, tensors, model, x, role, { key: `${key}.gate`, file });
      const down = chain.op('lora_A/MatMul', 'MatMul', [x, a]);
      // Scaled where it is narrow.
      const scaled = chain.op('gate/scale', 'Mul', [down, gate]);
      return chain.op('lora_B/MatMul', 'MatMul', [scaled, b]);
    });
  }
}
