/** Image 10: a comparison of methods that were each trained on two tasks at once. */
import { FACES, PATIENCE, shots, TEXTS, toTop, wear, withoutBusyNote, type Tour } from './faces.ts';

const { en } = TEXTS;

export async function tasksTour(tour: Tour): Promise<void> {
  const { page, address } = tour;
  await page.goto(address);
  await withoutBusyNote(page);
  await wear(page, FACES[0]);
  const data = page.getByRole('region', { name: en.dataTitle, exact: true });
  await data.getByText(en.dataStep.tasksTitle, { exact: true }).click({ timeout: PATIENCE });
  await data.getByLabel(en.dataStep.builtinTask).selectOption('shop-reviews');
  await data.locator('[data-task="shop-reviews"]').waitFor({ timeout: PATIENCE });
  for (const [field, text] of [
    ['steps', '60'],
    ['batchSize', '8'],
    ['evaluateEvery', '20'],
    ['maxLength', '24'],
    ['trainRows', '400'],
    ['validationRows', '80'],
  ] as const) {
    const input = page.getByLabel(en.fieldNames[field], { exact: true });
    await input.evaluate((one) => one.closest('details:not([open])')?.querySelector('summary')?.click());
    await input.fill(text);
  }
  const start = page.getByRole('button', { name: en.start, exact: true });
  await start.and(page.locator(':enabled')).click({ timeout: PATIENCE });
  await page.locator('.verdict').waitFor({ timeout: PATIENCE });
  await shots(tour, '10-tasks', {
    before: async (_language, { width }) => {
      if (width < 900) await toTop(page, '.comparison');
    },
  });
}
