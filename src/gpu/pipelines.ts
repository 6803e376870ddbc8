/** Compute pipelines of specialised shaders, each made once per device however many plans use it. */
import type { Counters } from './counters.ts';
import { loadShader, type ShaderSource } from './shaders.ts';
import { specialise, type Specialisation } from './specialise.ts';

export interface KernelPipeline {
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

export class PipelineCache {
  private readonly device: GPUDevice;
  private readonly source: ShaderSource;
  private readonly counters: Counters | undefined;
  private readonly pipelines = new Map<string, Promise<KernelPipeline>>();
  private readonly layouts = new Map<string, { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();

  constructor(device: GPUDevice, source: ShaderSource, counters?: Counters) {
    this.device = device;
    this.source = source;
    this.counters = counters;
  }

  /** The pipeline of one entry point of a shader. Rejects with `internal:` and the compiler's message. */
  get(shader: string, entry: string, how: Specialisation): Promise<KernelPipeline> {
    const constants = Object.entries(how.constants).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([shader, entry, constants, how.access, how.aliases, how.storage, how.sizes]);
    let pipeline = this.pipelines.get(key);
    if (!pipeline) {
      pipeline = this.create(shader, entry, how);
      this.pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  private async create(shader: string, entry: string, how: Specialisation): Promise<KernelPipeline> {
    const code = specialise(shader, loadShader(this.source, shader), how);
    const layout = this.layoutOf(how);
    if (this.counters) this.counters.pipelines++;
    this.device.pushErrorScope('validation');
    const module = this.device.createShaderModule({ label: shader, code });
    void this.device.popErrorScope();
    try {
      const pipeline = await this.device.createComputePipelineAsync({
        label: entry === 'main' ? shader : `${shader}#${entry}`,
        layout: layout.pipeline,
        compute: { module, entryPoint: entry },
      });
      return { pipeline, layout: layout.group };
    } catch (cause) {
      const info = await module.getCompilationInfo();
      const messages = info.messages
        .filter((message) => message.type === 'error')
        .map((message) => `line ${message.lineNum}: ${message.message}`);
      const reason = messages.join('; ') || (cause instanceof Error ? cause.message : String(cause));
      throw new Error(`internal: shader ${shader} (${entry}) does not compile: ${reason}`, { cause });
    }
  }

  private layoutOf(how: Specialisation): { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout } {
    const entries: GPUBindGroupLayoutEntry[] = [];
    how.access.forEach((access, binding) => {
      if (how.aliases[binding] !== binding) return;
      entries.push({
        binding,
        visibility: 4, // GPUShaderStage.COMPUTE
        buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
      });
    });
    if (how.sizes && how.sizes.length > 0)
      entries.push({ binding: how.access.length, visibility: 4, buffer: { type: 'uniform' } });
    const key = JSON.stringify(entries);
    let layout = this.layouts.get(key);
    if (!layout) {
      const group = this.device.createBindGroupLayout({ entries });
      layout = { group, pipeline: this.device.createPipelineLayout({ bindGroupLayouts: [group] }) };
      this.layouts.set(key, layout);
    }
    return layout;
  }
}
