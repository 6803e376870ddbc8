import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../src/errors.ts';
import { isHeld, LOCK_NAME, lockFolder, tryLock } from './folder-lock.ts';

let folder: string;
const place = () => path.join(folder, LOCK_NAME);
const holder = () => JSON.parse(readFileSync(place(), 'utf8')) as Record<string, unknown>;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'delta-lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a folder', () => {
  it('keeps a second one out until it is given back, and leaves nothing', () => {
    const release = lockFolder(folder, 'runs/a');
    expect(isHeld(folder)).toBe(true);
    expect(() => lockFolder(folder, 'runs/a')).toThrow(
      `runs/a is being written by process ${process.pid}; wait for its end, stop it, or choose another --out`,
    );
    release();
    expect(isHeld(folder)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    lockFolder(folder, 'runs/a')();
  });

  it('says who has it to those who go on without', () => {
    const release = tryLock(folder, 'a') as () => void;
    const held = tryLock(folder, 'a');
    expect(held).toBeInstanceOf(StudioError);
    expect((held as StudioError).message).toContain(`a is being written by process ${process.pid}`);
    release();
    // What was said of it stands, though it is given back.
    expect(isHeld(folder)).toBe(false);
    (tryLock(folder, 'a') as () => void)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    lockFolder(folder, 'a');
    writeFileSync(place(), JSON.stringify({ ...holder(), pid }));
    expect(isHeld(folder)).toBe(false);
    const release = lockFolder(folder, 'a');
    expect(holder().pid).toBe(process.pid);
    release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(existsSync('/proc/self/stat')).each([
    ['a process that got the number of a dead one', { began: '1' }],
    ['a machine that was started again', { boot: 'another' }],
  ])('is taken over from %s', (_, change) => {
    lockFolder(folder, 'a');
    writeFileSync(place(), JSON.stringify({ ...holder(), ...change }));
    lockFolder(folder, 'a')();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from another machine, of which nothing is known', () => {
    lockFolder(folder, 'a');
    writeFileSync(place(), JSON.stringify({ ...holder(), host: `${hostname()}-2`, pid: 7 }));
    expect(() => lockFolder(folder, 'a')).toThrow(
      `a is being written by process 7 on ${hostname()}-2; wait for its end, or delete ${place()} if it no longer runs`,
    );
  });

  it('does not give back what another has taken since', () => {
    const release = lockFolder(folder, 'a');
    const other = JSON.stringify({ ...holder(), pid: 7 });
    writeFileSync(place(), other);
    release();
    expect(readFileSync(place(), 'utf8')).toBe(other);
  });
});
