/**
 * LoRA (Hu et al., 2021): y + s·(drop(x)·A)·B beside a frozen linear, s = α/r, or α/√r when rank-stabilised
 * (Kalajdzievski, 2023). A starts U(±1/√in) (PEFT's kaiming_uniform with a = √5), B at zero, so step 0
 * leaves the model as it was. Stored as the graph multiplies: A [in, r], B [r, out]; PEFT stores transposes.
 *
 * `dora` (Liu et al., 2024): m ⊙ (x·W + s·x·A·B) / ‖W + s·A·B‖, norms by output column, m trained and started
 * at ‖W‖; no gradient passes through the norm. `learningRateRatio` is LoRA+ (Hayou et al., 2024): B and vectors
 * learn that many times faster, grouped and decayed as PEFT's `create_loraplus_optimizer` does.
 * `initialization: "pissa"`: see pissa.ts; `"olora"`: see olora.ts.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { LinearSite } from '../graph/roles.ts';
import type { SourceNode } from '../graph/source.ts';
import { floatInitializer, floatsOf, scalarInitializer } from '../graph/tensor.ts';
import { checkRank, modulesOf } from './beside.ts';
import { checkPatterns, forRole, peftPatterns, type RolePatterns } from './by-role.ts';
import type { Delta, DeltaModel, FilePlace } from './delta.ts';
import { dropoutNode, reduceSumNode } from './nodes.ts';
import { orthogonalPart } from './olora.ts';
import { principalPart } from './pissa.ts';
import type { PrincipalPart } from './pissa.ts';
import { Rewriter } from './rewrite.ts';
import { matchTargets } from './targets.ts';
import { TensorTable } from './tensors.ts';

export interface LoraOptions extends RolePatterns {
  type: 'lora';
  rank: number;
  alpha: number;
  dropout: number;
  targets: string[];
  rankStabilized: boolean;
  dora?: boolean;
  /** `pissa` starts from the weight's principal part, `olora` from its QR decomposition. */
  initialization?: 'default' | 'pissa' | 'olora';
  /** LoRA+: how many times faster B learns. */
  learningRateRatio?: number;
  /** Biases that train too, as in PEFT: all, or those of the targets. */
  bias?: 'none' | 'all' | 'loraOnly';
}

interface SiteOptions {
  rank: number;
  scale: number;
}

/**
 * @throws StudioError('spec') for a target that matches nothing or a rank larger than a matrix
 */
export function lora(model: DeltaModel, options: LoraOptions, seed: number): Delta {
  const sites = matchTargets(model, options.targets);
  checkPatterns(options, sites);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const detached: string[] = [];
  for (const site of sites) attach(model, rewriter, tensors, site, options, detached);
  const ratio = options.learningRateRatio;
  const biases = trainedBiases(model, sites, options.bias ?? 'none');
  return {
    type: 'lora',
    graph: rewriter.graph,
    tensors: tensors.list,
    unfrozen: [...biases.keys()],
    files: biases,
    virtualTokens: 0,
    filePrefix: 'base_model.model.',
    moved: rewriter.moved,
    detached,
    rateOf: ratio === undefined ? undefined : (name, shape) => plusRate(name, shape, ratio),
    peftConfig: peftConfig(options, sites),
  };
}

/** Biases that train beside the factors, with their names in PEFT's files; the head's are trained anyway. */
function trainedBiases(
  model: DeltaModel,
  sites: readonly LinearSite[],
  which: 'none' | 'all' | 'loraOnly',
): Map<string, string> {
  const own = new Map(
    sites.flatMap(({ bias, module }) => (bias === undefined ? [] : [[bias, module] as const])),
  );
  const names =
    which === 'none'
      ? []
      : which === 'loraOnly'
        ? own.keys()
        : [...model.parameters.keys()].filter((name) => name.endsWith('bias') && !model.head.includes(name));
  const file = (name: string): string => {
    const module = own.get(name);
    return `base_model.model.${module === undefined ? name : `${module}.base_layer.bias`}`;
  };
  return new Map([...names].map((name) => [name, file(name)]));
}

function peftConfig(options: LoraOptions, sites: readonly LinearSite[]): Record<string, unknown> {
  const config: Record<string, unknown> = {
    peft_type: 'LORA',
    r: options.rank,
    lora_alpha: options.alpha,
    lora_dropout: options.dropout,
    use_rslora: options.rankStabilized,
    use_dora: options.dora ?? false,
    bias: options.bias === 'loraOnly' ? 'lora_only' : (options.bias ?? 'none'),
    fan_in_fan_out: false,
    target_modules: modulesOf(sites),
  };
  if (options.initialization !== undefined && options.initialization !== 'default')
    config['init_lora_weights'] = options.initialization;
  return { ...config, ...peftPatterns(options, sites) };
}

/** LoRA+ as PEFT groups it: B and vectors are fast, biases do not decay. */
function plusRate(name: string, shape: readonly number[], ratio: number): { scale: number; decay: boolean } {
  const fast = name.endsWith('.lora_B') || shape.length === 1;
  return { scale: fast ? ratio : 1, decay: !name.endsWith('bias') };
}

function optionsOf(site: LinearSite, options: LoraOptions): SiteOptions {
  const rank = forRole(options.rankPattern, site.role) ?? options.rank;
  const alpha = forRole(options.alphaPattern, site.role) ?? options.alpha;
  checkRank(rank, site);
  return { rank, scale: alpha / (options.rankStabilized ? Math.sqrt(rank) : rank) };
}

function attach(
  model: DeltaModel,
  rewriter: Rewriter,
  tensors: TensorTable,
  site: LinearSite,
  options: LoraOptions,
  detached: string[],
): void {
  const { module, inFeatures, outFeatures } = site;
  const { rank, scale } = optionsOf(site, options);
  const file = (part: string): FilePlace => ({
    name: `base_model.model.${module}.${part}.weight`,
    transposed: true,
  });
  // Shared weights (ALBERT) are one parameter: their tensors are made once and every use reads them.
  const prefix = `delta.lora.${module}`;
  const bound = 1 / Math.sqrt(inFeatures);
  let a = `${prefix}.lora_A`;
  let b = `${prefix}.lora_B`;
  const start = options.initialization ?? 'default';
  if (start !== 'default') {
    const part = splitWeight(start, model, rewriter, site, rank, scale);
    tensors.add(a, [inFeatures, rank], file('lora_A'), () => part().a);
    tensors.add(b, [rank, outFeatures], file('lora_B'), () => part().b);
  } else {
    a = tensors.uniform(a, [inFeatures, rank], file('lora_A'), bound);
    b = tensors.zeros(b, [rank, outFeatures], file('lora_B'));
  }
  const path = `/delta/lora/${site.role}`;
  const nodes: SourceNode[] = [];
  let x = rewriter.current(site.input);
  if (options.dropout > 0) {
    const dropout = dropoutNode(rewriter, `${path}/Dropout`, x, options.dropout);
    nodes.push(dropout);
    x = dropout.outputs[0];
  }
  const factor = rewriter.addInitializer(scalarInitializer(rewriter.fresh(`${path}/scale`), scale));
  const down = rewriter.node(`${path}/lora_A/MatMul`, 'MatMul', [x, a]);
  const up = rewriter.node(`${path}/lora_B/MatMul`, 'MatMul', [down.outputs[0], b]);
  const scaled = rewriter.node(`${path}/Mul`, 'Mul', [up.outputs[0], factor]);
  nodes.push(down, up, scaled);
  if (options.dora)
    dora(model, rewriter, tensors, site, nodes, { a, b, factor, delta: scaled.outputs[0] }, detached);
  else {
    const sum = rewriter.node(`${path}/Add`, 'Add', [site.output, scaled.outputs[0]]);
    nodes.push(sum);
    rewriter.insertAfter([site.output], nodes);
    rewriter.redirect(site.output, sum.outputs[0], new Set(nodes));
  }
}

/**
 * The part of a site's weight that trains, and the site reading what remains of it: a frozen tensor of this
 * run's own, made once where uses share the weight.
 */
function splitWeight(
  start: 'pissa' | 'olora',
  model: DeltaModel,
  rewriter: Rewriter,
  site: LinearSite,
  rank: number,
  scale: number,
): () => PrincipalPart {
  const { weight, inFeatures, outFeatures, stored } = site;
  const name = remainder(weight);
  const partOf = start === 'pissa' ? principalPart : orthogonalPart;
  const original = model.graph.initializers.get(weight)!;
  let part: PrincipalPart | undefined;
  const compute = (): PrincipalPart =>
    (part ??= partOf(floatsOf(original), inFeatures, outFeatures, stored === 'outIn', rank, scale));
  if (!rewriter.graph.initializers.has(name))
    rewriter.addInitializer(floatInitializer(name, original.dims, compute().residual));
  const matmul = rewriter.graph.nodes.find((node) => node.name === site.matmul)!;
  if (!matmul.inputs.includes(weight) && !matmul.inputs.includes(name))
    throw new StudioError(
      'spec',
      say`${field('method.initialization')}: got "${start}", but an earlier method has already split the weight of "${site.module}"; choose "default".`,
      { where: 'method.initialization' },
    );
  matmul.inputs = matmul.inputs.map((input) => (input === weight ? name : input));
  return compute;
}

/** Name of what remains of a weight whose other part trains. */
const remainder = (weight: string): string => `delta.remainder.${weight}`;

/** Rescale what the linear gives before its bias: (x·W + s·x·A·B) ⊙ m/‖W + s·A·B‖. */
function dora(
  model: DeltaModel,
  rewriter: Rewriter,
  tensors: TensorTable,
  site: LinearSite,
  nodes: SourceNode[],
  parts: { a: string; b: string; factor: string; delta: string },
  detached: string[],
): void {
  const path = `/delta/lora/${site.role}/dora`;
  const outIn = site.stored === 'outIn';
  const magnitude = tensors.add(
    `delta.lora.${site.module}.magnitude`,
    [site.outFeatures],
    { name: `base_model.model.${site.module}.lora_magnitude_vector`, transposed: false },
    () => columnNorms(floatsOf(model.graph.initializers.get(site.weight)!), site),
  );
  const chain = (op: string, inputs: string[], attributes = {}): string => {
    const node = rewriter.node(`${path}/${op}`, op, inputs, attributes);
    nodes.push(node);
    return node.outputs[0];
  };
  let product = chain('Mul', [chain('MatMul', [parts.a, parts.b]), parts.factor]);
  if (outIn) product = chain('Transpose', [product], { perm: [1, 0] });
  // With PiSSA and OLoRA the linear reads what remains of the weight.
  const rest = remainder(site.weight);
  const frozen = rewriter.graph.initializers.has(rest) ? rest : site.weight;
  const whole = chain('Add', [product, frozen]);
  const reduce = reduceSumNode(rewriter, `${path}/ReduceSum`, chain('Mul', [whole, whole]), outIn ? 1 : 0);
  nodes.push(reduce);
  const norm = chain('Sqrt', [reduce.outputs[0]]);
  detached.push(norm);
  const ratio = chain('Div', [magnitude, norm]);
  // A MatMul's own output has no bias yet; a Gemm's has, so it is taken off and put back.
  const matmul = rewriter.graph.nodes.find((node) => node.name === site.matmul)!;
  const plain = matmul.op === 'MatMul' || site.bias === undefined;
  const base = plain ? matmul.outputs[0] : site.output;
  const bare = plain ? base : chain('Sub', [base, site.bias!]);
  const scaled = chain('Mul', [chain('Add', [bare, parts.delta]), ratio]);
  const result = plain ? scaled : chain('Add', [scaled, site.bias!]);
  rewriter.insertAfter([base], nodes);
  rewriter.redirect(base, result, new Set(nodes));
}

/** ‖W‖ of every output: over the inputs. */
function columnNorms(weight: Float32Array, { inFeatures, outFeatures, stored }: LinearSite): Float32Array {
  const norms = new Float64Array(outFeatures);
  for (let i = 0; i < inFeatures; i++) {
    for (let o = 0; o < outFeatures; o++) {
      const w = weight[stored === 'inOut' ? i * outFeatures + o : o * inFeatures + i];
      norms[o] += w * w;
    }
  }
  return Float32Array.from(norms, Math.sqrt);
}
