/** Prompts of other tasks in the page: several that a prompt starts from, and those that span a subspace. */
import { expect, test } from '@playwright/test';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { floatInitializer } from '../../src/graph/tensor.ts';
import { writeSafetensors } from '../../src/onnx/safetensors.ts';
import { StudioPage, violations } from './studio.ts';

const [TOKENS, WIDTH] = [4, 128];

/** A prompt as prompt tuning leaves it. */
function promptFiles(seed: number) {
  const random = new PhiloxStream(seed, 1);
  const rows = Float32Array.from({ length: TOKENS * WIDTH }, () => random.normal(0.1));
  const config = { peft_type: 'PROMPT_TUNING', num_virtual_tokens: TOKENS, token_dim: WIDTH };
  const weights = writeSafetensors([floatInitializer('prompt_embeddings', [TOKENS, WIDTH], rows)], {
    format: 'pt',
  });
  return [
    {
      name: 'adapter_config.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(config)),
    },
    { name: 'adapter_model.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from(weights) },
  ];
}

test(
  'a prompt starts from several, and a few numbers train in the subspace of three',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(300_000);
    const studio = new StudioPage(page);
    await studio.open('wasm');
    await studio.choose('Prompt', 'Subspace prompt');
    await studio.fill({ Steps: '4', 'Batch size': '4', 'Evaluate every': '2', 'Max tokens': '12' });
    await studio.fill({ 'Validation rows at most': '8', 'Training rows at most': '20' });

    // Without prompts there is no subspace, which is said beside Start.
    await expect(page.locator('.start-reason')).toContainText('The subspace prompt needs prompts');
    const subspace = page.locator('[data-method="ipt"]');
    await subspace.getByLabel('Subspace prompt: choose prompts of other tasks').setInputFiles(promptFiles(1));
    const another = subspace.getByLabel('Subspace prompt: choose prompts of other tasks: add another');
    for (const seed of [2, 3, 4]) {
      await another.setInputFiles(promptFiles(seed));
      await expect(subspace.getByRole('button', { name: /^Without/ })).toHaveCount(seed);
    }
    await subspace.getByRole('button', { name: 'Without ipt-start-4' }).click();
    await expect(subspace.getByRole('button', { name: /^Without/ })).toHaveCount(3);

    const prompt = page.locator('[data-method="prompt"]');
    await prompt.locator('summary').first().click();
    await prompt
      .getByLabel('Start Prompt from a saved adapter', { exact: true })
      .setInputFiles(promptFiles(5));
    await expect(prompt).toContainText('starts from prompt-start');
    await prompt.getByLabel('Start Prompt from a saved adapter: add another').setInputFiles(promptFiles(6));
    await prompt.getByLabel('Prompt: How several prompts count').selectOption('similarity');
    await expect(page.locator('.start-reason')).toContainText('need one of this task');
    await prompt
      .getByLabel('Prompt: A prompt of this task to hold them against')
      .setInputFiles(promptFiles(5));
    await prompt.getByLabel('Prompt: Virtual tokens').fill(String(TOKENS));
    expect(await violations(page)).toEqual([]);

    await studio.ready();
    await studio.button('Start').click();
    await expect(page.locator('.run-progress [role="status"]')).toHaveText(/^Done in/, { timeout: 150_000 });
    for (const run of ['prompt', 'ipt'])
      await expect(studio.result(run).locator('[data-column="best"]')).toHaveAttribute('data-value', /\d/);
  },
);

test(
  'a fusion and a subspace are built of runs of the history, which stand there after a reload too, and train',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(420_000);
    const studio = new StudioPage(page);
    await studio.open('wasm');
    await studio.choose('Adapter', 'Prompt');
    for (const method of ['Adapter', 'Prompt']) {
      await page.locator(`[data-method="${method.toLowerCase()}"]`).locator('summary').first().click();
      await studio.button(`Add another ${method} with other options`).click();
    }
    // Two prompts of one seed and one beginning would be one and the same point, and span nothing.
    await page.locator('[data-method="prompt-2"]').locator('summary').first().click();
    await page.getByLabel('Prompt 2: Start from', { exact: true }).selectOption('random');
    await studio.fill({ Steps: '2', 'Batch size': '4', 'Evaluate every': '2', 'Max tokens': '12' });
    await studio.fill({ 'Validation rows at most': '8', 'Training rows at most': '20' });
    await studio.ready();
    await studio.button('Start').click();
    const done = page.locator('.run-progress [role="status"]');
    await expect(done).toHaveText(/^Done in/, { timeout: 150_000 });

    const tick = (id: string) => page.locator(`[data-method="${id}"]`).getByRole('checkbox').first();
    for (const id of ['adapter', 'adapter-2', 'prompt', 'prompt-2']) await tick(id).uncheck();
    for (const id of ['fusion', 'ipt']) await tick(id).check();
    const take = async (label: string, run: string): Promise<void> => {
      const earlier = page.getByLabel(`${label}: of an earlier run`, { exact: true });
      const option = earlier.locator('option').filter({ hasText: new RegExp(`: ${run}$`) });
      await earlier.selectOption(await option.getAttribute('value'));
    };
    const fusion = page.locator('[data-method="fusion"]');
    const subspace = page.locator('[data-method="ipt"]');
    for (const run of ['adapter', 'adapter-2']) {
      await take('Add a trained adapter to Fusion', run);
      await expect(fusion.getByRole('button', { name: `Without ${run}`, exact: true })).toBeVisible();
    }
    for (const run of ['prompt-vocab', 'prompt-random']) {
      await take('Subspace prompt: choose prompts of other tasks', run);
      await expect(subspace.getByRole('button', { name: `Without ${run}`, exact: true })).toBeVisible();
    }
    await studio.ready();

    await page.reload();
    await expect(studio.panel('Model')).toContainText('parameters', { timeout: 120_000 });
    // Nothing is missing, so that their options are folded in.
    for (const card of [fusion, subspace]) await card.locator('summary').first().click();
    await expect(fusion.getByRole('button', { name: /^Without/ })).toHaveText([
      'Without adapter',
      'Without adapter-2',
    ]);
    await expect(subspace.getByRole('button', { name: /^Without/ })).toHaveText([
      'Without prompt-vocab',
      'Without prompt-random',
    ]);
    await studio.ready();
    await studio.button('Start').click();
    await expect(done).toHaveText(/^Done in/, { timeout: 150_000 });
    for (const run of ['fusion', 'ipt']) {
      await expect(studio.result(run)).toHaveAttribute('data-phase', 'completed');
      await expect(studio.result(run).locator('[data-column="best"]')).toHaveAttribute('data-value', /\d/);
    }
  },
);
