/** Where the drivers of software GPUs are looked for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { manifestOf } from './node-adapter.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'delta-drivers-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('a driver that the Vulkan loader is told of comes before the system’s, each for its own adapter', () => {
  const file = (name: string): string => path.join(folder, name);
  for (const name of ['lvp_icd.json', 'vk_swiftshader_icd.json']) writeFileSync(file(name), '{}');
  const named = ['lvp_absent.json', 'vk_swiftshader_icd.json', 'lvp_icd.json'].map(file);
  vi.stubEnv('VK_DRIVER_FILES', named.join(path.delimiter));
  expect(manifestOf('lavapipe')).toBe(file('lvp_icd.json'));
  expect(manifestOf('swiftshader')).toBe(file('vk_swiftshader_icd.json'));
});

it('one that is not there is left out', () => {
  vi.stubEnv('VK_DRIVER_FILES', path.join(folder, 'lvp_icd.json'));
  expect(manifestOf('lavapipe')).not.toBe(path.join(folder, 'lvp_icd.json'));
});
