/** Image 9: the Study page, with a small study that was trained. */
import { FACES, PATIENCE, shots, TEXTS, toTop, wear, withoutBusyNote, type Tour } from './faces.ts';

const { study } = TEXTS.en;

export async function studyTour(tour: Tour): Promise<void> {
  const { page, address } = tour;
  await page.goto(`${address}#study=performance`);
  await withoutBusyNote(page);
  await wear(page, FACES[0]);
  for (const method of ['LoRA', 'Prompt', 'Head'])
    await page.locator('main.study').getByLabel(method, { exact: true }).check({ timeout: PATIENCE });
  for (const [field, text] of [
    ['seeds', '2'],
    ['steps', '60'],
    ['batchSize', '8'],
    ['evaluateEvery', '20'],
    ['trainRows', '400'],
    ['validationRows', '60'],
    ['testRows', '120'],
  ] as const)
    await page.getByLabel(study.fields[field], { exact: true }).fill(text);
  await page.getByRole('button', { name: study.start, exact: true }).click({ timeout: PATIENCE });
  await page.locator('tr[data-cell][data-state="done"]').nth(5).waitFor({ timeout: PATIENCE });
  await page.locator('[data-figure="scores"] table').waitFor({ timeout: PATIENCE });
  await shots(tour, '9-study', {
    before: async (_language, { width }) => {
      if (width < 900) await toTop(page, 'main.study .comparison');
    },
  });
}
