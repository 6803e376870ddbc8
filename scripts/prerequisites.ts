/**
 * What the tests need from the machine besides Node: a Chromium with WebGPU, and a Vulkan loader for
 * Dawn in Node. Looked for in the usual places; on Debian as root fetched with apt-get.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

const BROWSER_PATHS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};
const BROWSER_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of a Chromium or Chrome: `CHROMIUM_PATH`, then the usual places, then `PATH`; null when there is none. */
export function findChromium(): string | null {
  const forced = process.env.CHROMIUM_PATH;
  if (forced !== undefined && forced !== '') return executable(forced) ? forced : null;
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => BROWSER_NAMES.map((name) => path.join(folder, name)));
  return [...(BROWSER_PATHS[process.platform] ?? []), ...onPath].find(executable) ?? null;
}

function hasVulkanLoader(): boolean {
  if (process.platform !== 'linux') return true;
  const listed = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' });
  if (listed.status === 0 && listed.stdout.includes('libvulkan.so.1')) return true;
  return ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'].some(
    (folder) => existsSync(path.join(folder, 'libvulkan.so.1')),
  );
}

function aptInstall(packages: string[]): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !executable('/usr/bin/apt-get')) return;
  console.error(`Installing ${packages.join(', ')} with apt-get.`);
  const options = { stdio: ['ignore', 'inherit', 'inherit'] as ('ignore' | 'inherit')[] };
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-q'], { ...options, env });
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
      ...options,
      env,
    });
  } catch {
    // The caller looks again and says what is missing.
  }
}

/**
 * Finds or installs what the tests need.
 * @returns what is still missing, one line each; empty when all is there
 */
export function prepare(): string[] {
  const wanted = [
    ...(findChromium() === null && process.env.CHROMIUM_PATH === undefined ? ['chromium'] : []),
    ...(hasVulkanLoader() ? [] : ['libvulkan1']),
  ];
  if (wanted.length > 0) aptInstall(wanted);
  const missing: string[] = [];
  if (findChromium() === null) {
    const forced = process.env.CHROMIUM_PATH;
    missing.push(
      forced === undefined
        ? 'No Chromium or Chrome found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to it.'
        : `CHROMIUM_PATH is ${forced}, which is no executable file: point it at a Chromium or Chrome.`,
    );
  }
  if (!hasVulkanLoader()) {
    missing.push('No Vulkan loader (libvulkan.so.1) found: install it (Debian: apt-get install libvulkan1).');
  }
  return missing;
}
