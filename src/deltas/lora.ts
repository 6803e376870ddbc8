/**
 * LoRA (Hu et al., 2021): y + s·(drop(x)·A)·B beside a frozen linear, s = α/r, or α/√r when rank-stabilised
 * (Kalajdzievski, 2023). A starts U(±1/√in) (PEFT's kaiming_uniform with a = √5), B at zero, so step 0
 * leaves the model as it was. Stored as the graph multiplies: A [in, r], B [r, out]; PEFT stores transposes.
 */
import { StudioError } from '../errors.ts';
import { floatInitializer, scalarInitializer } from '../graph/tensor.ts';
import type { LinearSite } from '../graph/roles.ts';
import type { SourceNode } from '../graph/source.ts';
import type { Delta, DeltaModel, DeltaTensor } from './delta.ts';
import { Rewriter } from './rewrite.ts';
import { initialStream } from './streams.ts';
import { matchTargets } from './targets.ts';

export interface LoraOptions {
  type: 'lora';
  rank: number;
  alpha: number;
  dropout: number;
  targets: string[];
  rankStabilized: boolean;
}

/** Scaling of the low-rank product. */
export function loraScale({ rank, alpha, rankStabilized }: LoraOptions): number {
  return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
}

/**
 * @throws StudioError('spec') for a target that matches nothing or a rank larger than a matrix
 */
export function lora(model: DeltaModel, options: LoraOptions, seed: number): Delta {
  const sites = matchTargets(model, options.targets);
  const rewriter = new Rewriter(model.graph);
  const tensors = new Map<string, DeltaTensor>();
  const scale = rewriter.addInitializer(
    scalarInitializer(rewriter.fresh('/delta/lora/scale'), loraScale(options)),
  );
  for (const site of sites) attach(rewriter, site, options, seed, scale, tensors);
  return {
    type: 'lora',
    graph: rewriter.graph,
    tensors: [...tensors.values()],
    unfrozen: [],
    virtualTokens: 0,
    peftConfig: {
      peft_type: 'LORA',
      r: options.rank,
      lora_alpha: options.alpha,
      lora_dropout: options.dropout,
      use_rslora: options.rankStabilized,
      use_dora: false,
      bias: 'none',
      fan_in_fan_out: false,
      target_modules: [...new Set(sites.map((site) => site.module))],
    },
  };
}

function attach(
  rewriter: Rewriter,
  site: LinearSite,
  options: LoraOptions,
  seed: number,
  scale: string,
  tensors: Map<string, DeltaTensor>,
): void {
  const { rank } = options;
  const { module, inFeatures, outFeatures } = site;
  const smaller = Math.min(inFeatures, outFeatures);
  if (rank > smaller)
    throw new StudioError(
      'spec',
      `method.rank: got ${rank}, larger than the ${inFeatures} × ${outFeatures} matrix of "${module}"; choose at most ${smaller}.`,
      { where: 'method.rank' },
    );
  // Shared weights (ALBERT) are one parameter: their tensors are made once and every use reads them.
  const a = `delta.lora.${module}.lora_A`;
  const b = `delta.lora.${module}.lora_B`;
  if (!tensors.has(a)) {
    const bound = 1 / Math.sqrt(inFeatures);
    const stream = initialStream(seed, a);
    const data = Float32Array.from({ length: inFeatures * rank }, () => (2 * stream.uniform() - 1) * bound);
    const file = (part: string): DeltaTensor['file'] => ({
      name: `base_model.model.${module}.${part}.weight`,
      transposed: true,
    });
    tensors.set(a, { name: a, dims: [inFeatures, rank], data, file: file('lora_A') });
    const zeros = new Float32Array(rank * outFeatures);
    tensors.set(b, { name: b, dims: [rank, outFeatures], data: zeros, file: file('lora_B') });
    for (const name of [a, b]) {
      const tensor = tensors.get(name)!;
      rewriter.addInitializer(floatInitializer(name, tensor.dims, tensor.data));
    }
  }
  const nodes: SourceNode[] = [];
  let x = site.input;
  if (options.dropout > 0) {
    const dropout = dropoutNode(rewriter, `/delta/lora/${site.role}/Dropout`, x, options.dropout);
    nodes.push(dropout);
    x = dropout.outputs[0];
  }
  const path = `/delta/lora/${site.role}`;
  const down = rewriter.node(`${path}/lora_A/MatMul`, 'MatMul', [x, a]);
  const up = rewriter.node(`${path}/lora_B/MatMul`, 'MatMul', [down.outputs[0], b]);
  const scaled = rewriter.node(`${path}/Mul`, 'Mul', [up.outputs[0], scale]);
  const sum = rewriter.node(`${path}/Add`, 'Add', [site.output, scaled.outputs[0]]);
  nodes.push(down, up, scaled, sum);
  rewriter.insertAfter([site.output], nodes);
  rewriter.redirect(site.output, sum.outputs[0], new Set(nodes));
}

/** An ONNX Dropout: identity in inference, so an exported file needs no other form of the graph. */
export function dropoutNode(rewriter: Rewriter, hint: string, x: string, rate: number): SourceNode {
  if (rewriter.graph.opset < 12) return rewriter.node(hint, 'Dropout', [x], { ratio: rate });
  const ratio = rewriter.addInitializer(scalarInitializer(rewriter.fresh(`${hint}/ratio`), rate));
  return rewriter.node(hint, 'Dropout', [x, ratio]);
}
