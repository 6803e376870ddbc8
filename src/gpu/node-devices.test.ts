import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { mayHaveGpu } from './node-devices.ts';

it('knows where there can be no GPU', () => {
  const given = (...files: string[]) => mayHaveGpu('linux', undefined, (file) => files.includes(file));
  expect(given()).toBe(false);
  expect(given('/dev/dri')).toBe(true);
  expect(given('/dev/nvidia0')).toBe(true);
  expect(given('/dev/dxg')).toBe(true);
  expect(mayHaveGpu('linux', '/opt/driver.json', () => false)).toBe(true);
  expect(mayHaveGpu('win32', undefined, () => false)).toBe(true);
  expect(mayHaveGpu('darwin', '', () => false)).toBe(true);
});

it.skipIf(mayHaveGpu())(
  'there, looking for one writes nothing (where this machine has none)',
  () => {
    const script = `
    import { findNodeGpu } from './src/gpu/node-adapter.ts';
    console.log(await findNodeGpu('gpu'));
  `;
    const options = { cwd: new URL('../..', import.meta.url), encoding: 'utf8', timeout: 120_000 } as const;
    const run = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      options,
    );
    expect([run.status, run.stdout, run.stderr]).toEqual([0, 'undefined\n', '']);
  },
  130_000,
);
