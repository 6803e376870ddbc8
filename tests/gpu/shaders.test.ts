/** Every file under shaders/ is a valid module by itself, and says at its top what it computes. */
import { readdirSync, readFileSync } from 'node:fs';
import { create, globals } from 'webgpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeShaders, SHADERS_FOLDER } from '../../src/gpu/node-shaders.ts';
import { loadShader } from '../../src/gpu/shaders.ts';
import { specialise } from '../../src/gpu/specialise.ts';

Object.assign(globalThis, globals);

const paths = (readdirSync(SHADERS_FOLDER, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.wgsl'))
  .map((file) => file.replaceAll('\\', '/').slice(0, -'.wgsl'.length))
  .sort();

const textOf = (path: string): string => readFileSync(`${SHADERS_FOLDER}${path}.wgsl`, 'utf8');

describe('shaders', () => {
  // What is not in the standard must be asked for.
  const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
  let device: GPUDevice;
  beforeAll(async () => {
    const adapter = await gpu.requestAdapter();
    const matrices = 'chromium-experimental-subgroup-matrix' as GPUFeatureName;
    const wanted: GPUFeatureName[] = ['subgroups', 'shader-f16', matrices];
    device = await adapter!.requestDevice({
      requiredFeatures: wanted.filter((feature) => adapter!.features.has(feature)),
    });
  });

  const errorsOf = async (path: string, code: string): Promise<string[]> => {
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code });
    const info = await module.getCompilationInfo();
    await device.popErrorScope();
    const errors = info.messages.filter((message) => message.type === 'error');
    return errors.map((message) => `${path}:${message.lineNum}: ${message.message}`);
  };
  const modules = paths.filter((path) => !textOf(path).includes('// Not a module by itself'));

  it.each(modules)('%s is valid', async (path) => {
    expect(await errorsOf(path, loadShader(nodeShaders, path))).toEqual([]);
  });

  // Bits of other things than numbers: ids, packed bytes, random streams.
  const numbers = /^array<(f32|vec4<f32>)>$/;
  it.each(modules)('%s is valid on halves', async (path) => {
    const source = loadShader(nodeShaders, path);
    const bindings = new Map<number, boolean>();
    for (const [, index, type] of source.matchAll(/@binding\((\d+)\)[^:]*:\s*([^;]+);/g))
      bindings.set(Number(index), (bindings.get(Number(index)) ?? true) && numbers.test(type.trim()));
    const at = [...bindings.keys()].sort((a, b) => a - b);
    // What others include has no bindings, or not the first ones.
    if (at[0] !== 0) return;
    const storage = at.map((index) => (bindings.get(index) ? ('f16' as const) : undefined));
    const code = specialise(path, source, {
      constants: {},
      access: at.map(() => 'read_write' as const),
      aliases: at,
      storage,
    });
    expect(code.startsWith('enable f16;')).toBe(storage.includes('f16'));
    expect(await errorsOf(path, code)).toEqual([]);
  });

  it.each(paths)('%s opens with a header', (path) => {
    expect(textOf(path)).toMatch(/^\/\/ \S/);
  });
});
