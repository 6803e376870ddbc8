/**
 * Roles from structure. A copy of the model is compiled for a small batch; its attention nodes are
 * found, and from each of them the projections, the residual additions, the norms and the feed-forward
 * linears of its layer. Everything is mapped back to the source nodes and values it came from.
 */
import { StudioError } from '../errors.ts';
import { attentionSite, embeddingSite, linearSite, normSite } from './analyse/sites.ts';
import { Structure } from './analyse/structure.ts';
import type { AttentionNode, MatMulNode, NormNode } from './analyse/structure.ts';
import { compileForward } from './compile.ts';
import type { AnyNode, ProgramNode } from './program.ts';
import type { Roles } from './roles.ts';
import type { Parameter, SourceGraph } from './source.ts';

/** Two different small sizes, so that shapes are unambiguous; every model has eight positions. */
const BATCH = 2;
const LENGTH = 8;

/**
 * Finds what each place of an encoder is.
 * @param config the model's config.json; only its `model_type` is read, for messages
 * @throws StudioError('unsupported') where no attention is found or a layer is not a transformer's
 */
export function analyse(
  graph: SourceGraph,
  parameters: ReadonlyMap<string, Parameter>,
  config: Readonly<Record<string, unknown>> = {},
): Roles {
  const inputShapes = Object.fromEntries(graph.inputs.map((input) => [input.name, [BATCH, LENGTH]]));
  const { program } = compileForward(graph, parameters, { inputShapes, mode: 'train' });
  const analysis = new Analysis(new Structure(program, graph), graph.name, config);
  return analysis.run();
}

class Analysis {
  private readonly structure: Structure;
  private readonly model: string;
  private readonly seen = new Set<AnyNode | ProgramNode>();
  private readonly roles: Roles = {
    linears: [],
    norms: [],
    embeddings: [],
    attentions: [],
    sublayers: [],
    layers: { encoder: 0, decoder: 0 },
    hidden: 0,
    encoderOutput: '',
  };

  constructor(structure: Structure, graphName: string, config: Readonly<Record<string, unknown>>) {
    this.structure = structure;
    this.model =
      typeof config['model_type'] === 'string' ? `${config['model_type']} (${graphName})` : graphName;
  }

  run(): Roles {
    const { nodes } = this.structure.program;
    const attentions = nodes.filter((node) => node.op === 'Attention') as AnyNode[] as AttentionNode[];
    if (attentions.length === 0)
      throw new StudioError(
        'unsupported',
        `${this.model}: no attention was found in the graph, so there are no layers to tune; ` +
          `export a transformer encoder with Optimum or torch.onnx.`,
      );
    let first: Layer | undefined;
    let last: Layer | undefined;
    for (const attention of attentions) {
      last = this.layer(attention, `encoder.${this.roles.layers.encoder++}`);
      first ??= last;
    }
    this.output(last!);
    this.embeddings(first!);
    this.rest();
    return this.roles;
  }

  private linear(node: MatMulNode | undefined, role: string): void {
    if (!node || this.seen.has(node)) return;
    this.seen.add(node);
    this.roles.linears.push(linearSite(this.structure, node, role));
  }

  private norm(node: NormNode | undefined, role: string): void {
    if (!node || this.seen.has(node)) return;
    this.seen.add(node);
    this.roles.norms.push(normSite(this.structure, node, role));
  }

  /** One transformer layer around an attention, norms before the sub-layers or after them. */
  private layer(attention: AttentionNode, name: string): Layer {
    const { structure, roles } = this;
    const self = `${name}.self`;
    roles.attentions.push(attentionSite(structure, attention, self));
    const [q, k, v] = attention.inputs.map((input) => structure.linearInto(input));
    const [o] = structure.linearsOf(attention.outputs[0]);
    if (!q || !o) throw this.notALayer(name, 'its attention has no query or output projection');
    this.linear(q, `${self}.q`);
    this.linear(k, `${self}.k`);
    this.linear(v, `${self}.v`);
    this.linear(o, `${self}.o`);
    const input = q.inputs[0];
    const before = structure.normInto(input);
    const join = structure.joins(o.outputs[0], new Set([input, ...(before ? [before.inputs[0]] : [])]));
    if (!join) throw this.notALayer(name, 'its attention is not added back to its input');
    const sum = join.add.outputs[0];
    const normFirst = join.residual !== input;
    this.sublayer(self, join, sum);
    if (normFirst) this.norm(before, `${self}.norm`);

    const between = structure.normOf(sum);
    this.norm(between, normFirst ? `${name}.ffn.norm` : `${self}.norm`);
    const entry = between ? between.outputs[0] : sum;
    const out = this.feedForward(entry, `${name}.ffn`);
    const end = out && structure.joins(out.outputs[0], new Set([entry, sum]));
    if (!end) throw this.notALayer(name, 'its feed-forward part was not found');
    const result = end.add.outputs[0];
    this.sublayer(`${name}.ffn`, end, result);
    const after = normFirst ? undefined : structure.normOf(result);
    this.norm(after, `${name}.ffn.norm`);
    return { residual: join.residual, output: after ? after.outputs[0] : result };
  }

  /** in, out and, where two linears meet in a product, gate (the activated one). Returns out. */
  private feedForward(entry: string, name: string): MatMulNode | undefined {
    const { structure } = this;
    const inner = structure.linearsOf(entry).flatMap((linear) => {
      const after = structure.linearAfter(linear.outputs[0]);
      return after ? [{ in: linear, out: after.linear, activated: after.activated }] : [];
    });
    const [first] = inner;
    if (!first) return undefined;
    const gated = inner.length === 2 && inner[0].out === inner[1].out;
    const gate = gated ? inner.find((part) => part.activated) : undefined;
    this.linear(gate?.in, `${name}.gate`);
    this.linear(inner.find((part) => part !== gate)?.in, `${name}.in`);
    this.linear(first.out, `${name}.out`);
    return first.out;
  }

  private sublayer(
    role: string,
    join: { add: AnyNode; output: string; residual: string },
    sum: string,
  ): void {
    const source = this.structure.sourceNodes(join.add).find((node) => node.outputs.includes(sum));
    if (!source) throw new Error(`internal: no source node adds ${join.output}`);
    this.roles.sublayers.push({ role, input: join.residual, output: join.output, add: source.name, sum });
  }

  /** A norm over the whole stack's result ends encoders whose layers normalise first. */
  private output(last: Layer): void {
    const { structure, roles } = this;
    const final = structure.normOf(last.output);
    const wholeStack = final && structure.normInto(last.output) === undefined;
    if (wholeStack) this.norm(final, 'encoder.norm');
    roles.encoderOutput = wholeStack ? final.outputs[0] : last.output;
    const { shape } = structure.program.values.get(roles.encoderOutput)!;
    roles.hidden = shape[shape.length - 1];
  }

  /** From the first layer's residual stream back to the tables. */
  private embeddings(first: Layer): void {
    const { structure, roles } = this;
    const project = structure.linearInto(first.residual, 3);
    this.linear(project, 'embeddings.project');
    this.norm(structure.normInto(project ? project.inputs[0] : first.residual), 'embeddings.norm');
    for (const node of structure.program.nodes) {
      if (node.op !== 'Gather') continue;
      const table = structure.program.values.get(node.inputs[0])!;
      if (table.kind === 'parameter' && !table.id.startsWith('delta.'))
        roles.embeddings.push(embeddingSite(structure, node));
    }
  }

  /** What is left after the last layer: the pooler and the head. */
  private rest(): void {
    const { structure, roles } = this;
    const tables = new Set(roles.embeddings.map((site) => site.weight));
    let norms = 0;
    for (const node of structure.program.nodes) {
      if (structure.isLinear(node)) {
        const site = linearSite(structure, node, '');
        const pooler = /(^|\.)pooler(\.|$)/.test(site.module);
        const name = tables.has(site.weight) ? 'decoder' : site.module;
        this.linear(node, pooler ? 'pooler' : `head.${name}`);
      } else if (node.op === 'LayerNorm') {
        const role = norms === 0 ? 'head.norm' : `head.norm.${norms}`;
        if (!this.seen.has(node)) norms++;
        this.norm(node, role);
      }
    }
  }

  private notALayer(name: string, why: string): StudioError {
    return new StudioError(
      'unsupported',
      `${this.model}: ${name} is not a transformer layer we recognise, for ${why}; ` +
        `export the model with Optimum or torch.onnx and without graph optimisation.`,
      { where: name },
    );
  }
}

interface Layer {
  /** Residual stream entering the layer. */
  residual: string;
  /** Residual stream leaving it (normalised, where norms come last). */
  output: string;
}
