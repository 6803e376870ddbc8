/**
 * Executes the plans of one run. Everything is made ahead (`prepare`); a step only uploads a batch, encodes
 * dispatches, submits in pieces of bounded work, and hands out a promise for what it reads back.
 */
import type { Placement, Plan } from '../plan/plan.ts';
import type { ExecuteRequest, Executor, HostData } from '../plan/studio.ts';
import type { Counters } from './counters.ts';
import type { LossWatch } from './loss-watch.ts';
import type { GpuRunMemory } from './memory.ts';
import type { Pacer } from './pacing.ts';
import { Preparer, type GpuPreparedPlan, type ReadyDispatch } from './prepare.ts';
import type { PipelineCache } from './pipelines.ts';
import type { ReadbackRing, ReadRange } from './readback.ts';

/** What a run needs of the device it is on (see studio.ts). */
export interface ExecutorDevice {
  readonly device: GPUDevice;
  readonly counters: Counters;
  readonly watch: LossWatch;
  readonly pipelines: PipelineCache;
  readonly readbacks: ReadbackRing;
  readonly pacer: Pacer;
}

export class GpuExecutor implements Executor {
  readonly memory: GpuRunMemory;
  private readonly studio: ExecutorDevice;
  private readonly preparer: Preparer;
  private readonly prepared = new Map<Plan, Promise<GpuPreparedPlan>>();
  private readonly batches = new WeakMap<Plan, Map<string, Uint8Array>>();

  constructor(studio: ExecutorDevice, memory: GpuRunMemory) {
    this.studio = studio;
    this.memory = memory;
    this.preparer = new Preparer(studio.device, studio.pipelines, memory, studio.counters);
  }

  /**
   * Makes the pipelines and bind groups of a plan, once. Bind groups name this run's buffers, so the plan must
   * be among those the run was created with.
   */
  prepare(plan: Plan): Promise<GpuPreparedPlan> {
    let prepared = this.prepared.get(plan);
    if (!prepared) {
      prepared = this.studio.watch.guard(this.preparer.prepare(plan));
      this.prepared.set(plan, prepared);
      this.studio.readbacks.reserve(plan.readbacks.reduce((sum, { bytes }) => sum + bytes, 0));
    }
    return prepared;
  }

  /**
   * Uploads, dispatches and reads back, in the order of the queue; returns before any of it has happened.
   * The promise rejects with StudioError('device') when the device is lost.
   */
  execute(prepared: GpuPreparedPlan, request: ExecuteRequest): Promise<Record<string, Float32Array>> {
    const { studio } = this;
    if (studio.watch.error) return Promise.reject(studio.watch.error);
    this.upload(prepared.plan, request.uploads ?? {});
    const dispatches = request.phases.flatMap((phase) => prepared.phases[phase]);
    const placements = (request.read ?? []).map((name) => readback(prepared.plan, name));
    const start = performance.now();
    let finish: (() => Promise<ArrayBuffer>) | undefined;
    let from = 0;
    for (const to of studio.pacer.cuts(dispatches.map(({ flops }) => flops))) {
      const encoder = studio.device.createCommandEncoder();
      encode(encoder, dispatches.slice(from, to));
      if (to === dispatches.length && placements.length > 0)
        finish = studio.readbacks.copy(encoder, this.ranges(placements));
      studio.device.queue.submit([encoder.finish()]);
      from = to;
    }
    this.learn(dispatches, start);
    return finish ? finish().then((bytes) => split(placements, bytes)) : Promise.resolve({});
  }

  /** Reads tensors wherever they are, after everything submitted so far. */
  async read(placements: readonly Placement[]): Promise<Float32Array[]> {
    const { studio } = this;
    if (studio.watch.error) throw studio.watch.error;
    if (placements.length === 0) return [];
    // In pieces: all at once is more than a buffer may have, and than a page has room for twice.
    const encoder = studio.device.createCommandEncoder();
    const pieces = inPieces(this.ranges(placements));
    const finishes = pieces.map((ranges) => studio.readbacks.copy(encoder, ranges));
    studio.device.queue.submit([encoder.finish()]);
    const results = placements.map(({ bytes }) => new Uint8Array(bytes));
    let [result, filled] = [0, 0];
    for (const finish of finishes) {
      const bytes = new Uint8Array(await finish());
      for (let at = 0; at < bytes.length;) {
        const into = results[result];
        const part = bytes.subarray(at, at + into.length - filled);
        into.set(part, filled);
        at += part.length;
        filled += part.length;
        if (filled === into.length) [result, filled] = [result + 1, 0];
      }
    }
    return results.map(({ buffer }) => new Float32Array(buffer));
  }

  /** Gives the run's memory back. */
  destroy(): void {
    this.memory.destroy();
    this.prepared.clear();
  }

  private ranges(placements: readonly Placement[]): ReadRange[] {
    return placements.map(({ buffer, offset, bytes }) => ({
      buffer: this.memory.buffer(buffer),
      offset,
      bytes,
    }));
  }

  /** One write a buffer: the plan's uploads are gathered on the host first. */
  private upload(plan: Plan, data: Readonly<Record<string, HostData>>): void {
    const touched = new Set<string>();
    let images = this.batches.get(plan);
    if (!images) this.batches.set(plan, (images = imagesOf(plan.uploads)));
    for (const [name, values] of Object.entries(data)) {
      const placement = plan.uploads.find((upload) => upload.name === name);
      if (!placement) throw new Error(`internal: the plan has no upload ${name}`);
      if (values.byteLength !== placement.bytes)
        throw new Error(`internal: ${name} takes ${placement.bytes} bytes, got ${values.byteLength}`);
      images
        .get(placement.buffer)!
        .set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), placement.offset);
      touched.add(placement.buffer);
    }
    for (const buffer of touched) {
      const image = images.get(buffer)!;
      this.studio.device.queue.writeBuffer(this.memory.buffer(buffer), 0, image as Uint8Array<ArrayBuffer>);
    }
  }

  private learn(dispatches: readonly ReadyDispatch[], start: number): void {
    const flops = dispatches.reduce((sum, dispatch) => sum + dispatch.flops, 0);
    this.studio.device.queue.onSubmittedWorkDone().then(
      () => this.studio.pacer.learn(flops, dispatches.length, start, performance.now()),
      () => {}, // a lost device is reported to those who wait for results
    );
  }
}

/** Bytes that are read through one staging buffer at most. */
const PIECE_BYTES = 2 ** 25;

/** The ranges in order, cut where a piece is full. */
function inPieces(ranges: readonly ReadRange[]): ReadRange[][] {
  const pieces: ReadRange[][] = [];
  let room = 0;
  for (const { buffer, offset, bytes } of ranges) {
    for (let done = 0; done < bytes;) {
      if (room === 0) {
        pieces.push([]);
        room = PIECE_BYTES;
      }
      const part = Math.min(room, bytes - done);
      pieces.at(-1)!.push({ buffer, offset: offset + done, bytes: part });
      done += part;
      room -= part;
    }
  }
  return pieces;
}

function encode(encoder: GPUCommandEncoder, dispatches: readonly ReadyDispatch[]): void {
  if (dispatches.length === 0) return;
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindGroup, workgroups } of dispatches) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
  }
  pass.end();
}

function readback(plan: Plan, name: string): Placement {
  const placement = plan.readbacks.find((candidate) => candidate.name === name);
  if (!placement) throw new Error(`internal: the plan has no readback ${name}`);
  return placement;
}

function split(placements: readonly Placement[], bytes: ArrayBuffer): Record<string, Float32Array> {
  const result: Record<string, Float32Array> = {};
  let at = 0;
  for (const placement of placements) {
    result[placement.name] = new Float32Array(bytes, at, placement.bytes / 4);
    at += placement.bytes;
  }
  return result;
}

/** A host copy of every buffer that uploads go to, as long as the last of them reaches. */
function imagesOf(uploads: readonly Placement[]): Map<string, Uint8Array> {
  const ends = new Map<string, number>();
  for (const { buffer, offset, bytes } of uploads)
    ends.set(buffer, Math.max(ends.get(buffer) ?? 0, offset + bytes));
  return new Map([...ends].map(([buffer, end]) => [buffer, new Uint8Array(end)]));
}
