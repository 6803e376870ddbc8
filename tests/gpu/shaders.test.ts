/** Every file under shaders/ is a valid module by itself, and says at its top what it computes. */
import { readdirSync, readFileSync } from 'node:fs';
import { create, globals } from 'webgpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeShaders, SHADERS_FOLDER } from '../../src/gpu/node-shaders.ts';
import { loadShader } from '../../src/gpu/shaders.ts';

Object.assign(globalThis, globals);

const paths = (readdirSync(SHADERS_FOLDER, { recursive: true }) as string[])
  .filter((file) => file.endsWith('.wgsl'))
  .map((file) => file.replaceAll('\\', '/').slice(0, -'.wgsl'.length))
  .sort();

describe('shaders', () => {
  const gpu = create(['backend=null']);
  let device: GPUDevice;
  beforeAll(async () => {
    const adapter = await gpu.requestAdapter();
    const wanted: GPUFeatureName[] = ['subgroups', 'shader-f16'];
    device = await adapter!.requestDevice({
      requiredFeatures: wanted.filter((feature) => adapter!.features.has(feature)),
    });
  });

  it.each(paths)('%s is valid', async (path) => {
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code: loadShader(nodeShaders, path) });
    const info = await module.getCompilationInfo();
    await device.popErrorScope();
    const errors = info.messages.filter((message) => message.type === 'error');
    expect(errors.map((message) => `${path}:${message.lineNum}: ${message.message}`)).toEqual([]);
  });

  it.each(paths)('%s opens with a header', (path) => {
    expect(readFileSync(`${SHADERS_FOLDER}${path}.wgsl`, 'utf8')).toMatch(/^\/\/ \S/);
  });
});
