import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/prerequisites.ts';

const PORT = Number(process.env.DELTA_TEST_PORT ?? 4317);
/** Where the tests' own hub listens, to which the page's policy lets it connect. */
export const HUB_PORT = PORT + 1000;

/**
 * Chromium would load a page of its own for the address bar of every window, which takes as long as the half of ours.
 * Of several such lists the last one counts, so Playwright's own stands here again.
 */
const UNUSED_FEATURES = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'PreloadTopChromeWebUI'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding', 'AimEnabled'],
  ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'PreconnectToSearch'],
];

/** Switches for a Chromium whose WebGPU runs on SwiftShader, quiet towards the network. */
export const CHROMIUM_ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  `--disable-features=${UNUSED_FEATURES.join(',')}`,
];

export default defineConfig({
  testDir: 'tests/browser',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // Half of the time a page waits for its engine, its pictures or its clock; meanwhile the other works.
  workers: 2,
  timeout: 180_000,
  // A browser without a GPU now and then stops drawing frames altogether; it is started anew, and the report says so.
  retries: 1,
  // Two pages that open at once, on a machine with other work, take this long at times.
  expect: { timeout: 30_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME === undefined ? [['list']] : [['list'], ['json']],
  use: {
    baseURL: `http://localhost:${PORT}`,
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    // Recording every test takes a fifth of the time: only what failed is recorded, when it is tried again.
    trace: 'on-first-retry',
    launchOptions: { executablePath: findChromium() ?? '', args: CHROMIUM_ARGUMENTS },
  },
  webServer: {
    command: `npx --no-install tsx scripts/start.ts --port ${PORT} --strict-port --hub http://127.0.0.1:${HUB_PORT}`,
    url: `http://localhost:${PORT}`,
    // Whatever else answers there may be another checkout's page; DELTA_TEST_PORT takes another port.
    reuseExistingServer: false,
    timeout: 180_000,
  },
});
