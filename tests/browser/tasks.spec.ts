/** Several tasks in the page: added, trained together, looked at one by one, downloaded, opened again from the history. */
import { expect, test } from '@playwright/test';
import { StudioPage, textFile, violations } from './studio.ts';

/** Questions of three kinds that their first word tells. */
function questions(rows: number): string {
  const words = ['who', 'where', 'when'] as const;
  const lines = Array.from(
    { length: rows },
    (_, i) => `${words[i % 3]} was the walk number ${i}\t${['person', 'place', 'time'][i % 3]}`,
  );
  return ['text\tlabel', ...lines, ''].join('\n');
}

test(
  'trains one delta on two tasks, and shows each of them and their mean',
  { tag: '@long' },
  async ({ page }) => {
    // A busy machine takes its time for each of its steps.
    test.setTimeout(400_000);
    const studio = new StudioPage(page);
    await studio.open('wasm');
    const data = studio.panel('Data');
    await data.getByText('Several tasks', { exact: true }).click();
    await data
      .getByLabel('Another task: choose a file')
      .setInputFiles(textFile('kinds of questions.tsv', questions(60)));
    const task = data.locator('[data-task="kinds-of-questions"]');
    await expect(task).toContainText('54 training rows', { timeout: 120_000 });
    await expect(task).toContainText('person');
    // Its rows are looked at as the first one's are.
    await task.getByText('Look inside').click();
    await expect(task.getByRole('table')).toContainText('who was the walk number 0');
    await task.getByRole('tab', { name: 'First batch' }).click();
    await expect(task.getByRole('tabpanel')).toContainText('walk');
    await task.getByText('Look inside').click();
    await data.getByLabel('Another task: a built-in one').selectOption('shop-reviews');
    await expect(data.locator('[data-task="shop-reviews"]')).toContainText('1,024 training rows', {
      timeout: 120_000,
    });
    await data.getByRole('button', { name: 'Remove the task shop-reviews' }).click();
    await expect(data.locator('[data-task]')).toHaveCount(1);

    await studio.choose('LoRA', 'Head');
    await studio.fill({ Steps: '12', 'Batch size': '4', 'Evaluate every': '6', 'Max tokens': '12' });
    await studio.fill({ 'Validation rows at most': '8', 'Training rows at most': '40' });
    await page.getByLabel('How often each task is trained on', { exact: true }).selectOption('equal');
    await studio.ready();
    await studio.button('Start').click();
    await expect(page.locator('.run-progress [role="status"]')).toHaveText(/^Done in/, { timeout: 150_000 });

    const show = page.getByLabel('Show', { exact: true });
    await expect(show.locator('option')).toHaveText(['the mean of the tasks', 'demo', 'kinds-of-questions']);
    const best = async (run: string): Promise<number> =>
      Number(await studio.result(run).locator('[data-column="best"]').getAttribute('data-value'));
    const evidence = page.getByRole('group', { name: 'The evidence' });
    await expect(evidence).toBeVisible();
    const mean = await best('lora');
    const scores: number[] = [];
    for (const name of ['demo', 'kinds-of-questions']) {
      await show.selectOption(name);
      await expect(page.locator('.comparison')).toContainText(`Rows of the task ${name}.`);
      await expect(page.locator('.verdict-first')).not.toBeEmpty();
      await expect(studio.panel('Results').locator(`[data-of="${name}"]`)).toBeVisible();
      scores.push(await best('lora'));
    }
    expect(mean).toBeCloseTo((scores[0] + scores[1]) / 2, 9);
    // Its classes are its own.
    await expect(page.locator('.comparison')).toContainText('person');
    const playground = studio.panel('Try it');
    await playground.getByRole('textbox').first().fill('where is it');
    await playground.getByRole('textbox').first().press('Enter');
    await expect(playground.locator('[data-run="lora"]')).toContainText(/person|place|time/, {
      timeout: 60_000,
    });
    expect(await violations(page)).toEqual([]);

    // The model that is taken has this task's classes.
    const download = page.waitForEvent('download');
    await studio.result('lora').getByRole('button', { name: 'ONNX of LoRA' }).click();
    expect((await download).suggestedFilename()).toContain('kinds-of-questions');

    // It is all there again after a reload: data of both tasks, and the comparison by task.
    await page.reload();
    await expect(data.locator('[data-task="kinds-of-questions"]')).toContainText('54 training rows');
    await studio.ready();
    await page.keyboard.press('h');
    await page.locator('[data-comparison]').first().getByRole('button', { name: /^Open/ }).click();
    await expect(page.locator('.verdict')).toBeVisible({ timeout: 20_000 });
    await show.selectOption('kinds-of-questions');
    await expect(studio.panel('Results').locator('[data-of="kinds-of-questions"]')).toBeVisible();
    expect(await best('lora')).toBeCloseTo(scores[1], 9);
  },
);
