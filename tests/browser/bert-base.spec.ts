/** A model of BERT-base's size, chosen as a folder, trains in the page within its forecast. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { writeBertBase } from '../../bench/bert-folder.ts';
import { FEW_ROWS, StudioPage } from './studio.ts';

for (const [adapter, tag] of [
  ['wasm', '@long'],
  ['swiftshader', '@gpu'],
] as const)
  test(`BERT-base trains for two steps within its forecast (${adapter})`, { tag }, async ({ page }) => {
    test.setTimeout(600_000);
    const folder = mkdtempSync(path.join(tmpdir(), 'delta-bert-base-'));
    try {
      writeBertBase(folder);
      const studio = new StudioPage(page);
      await studio.open(adapter);
      await studio.panel('Model').locator('input[webkitdirectory]').setInputFiles(folder);
      await expect(studio.panel('Model')).toContainText('109,483,778', { timeout: 120_000 });
      await studio.choose('LoRA');
      await studio.fill({
        Steps: '2',
        'Batch size': '4',
        'Max tokens': '32',
        'Evaluate every': '0',
        ...FEW_ROWS,
        'Training rows at most': '8',
      });
      await studio.ready();
      await studio.button('Start').click();
      await expect(studio.result('lora')).toHaveAttribute('data-phase', 'completed', { timeout: 400_000 });
      const memory = studio.panel('Memory').locator('[data-run="lora"]');
      await expect(memory).toContainText('Allocated');
      await expect(memory).toContainText('equal to the byte');
      await expect(studio.panel('Training loss').locator('.chart')).toHaveAttribute(
        'aria-label',
        /LoRA: \d+\.\d+/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
