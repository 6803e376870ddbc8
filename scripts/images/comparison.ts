/**
 * Images 1 to 7: one comparison from the first screen to what is done with it elsewhere. The training is real, with few
 * steps on few rows.
 */
import type { Face, Language, Tour } from './faces.ts';
import { FACES, openPanel, PATIENCE, shots, TEXTS, wear, withoutBusyNote } from './faces.ts';

const { en } = TEXTS;

export async function comparisonTour(tour: Tour): Promise<void> {
  const { page, address } = tour;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const start = button(en.start).and(page.locator(':enabled'));
  /** Where the page is one column, the comparison stands below the setup. */
  const comparison = async (_language: Language, { width }: Face): Promise<void> => {
    if (width < 900) await page.locator('.comparison').evaluate((element) => element.scrollIntoView());
  };
  await page.goto(address);
  await withoutBusyNote(page);
  await wear(page, FACES[0]);
  await start.waitFor({ timeout: PATIENCE });
  // The forecast is part of the first picture, with its seconds.
  await page
    .locator('.costs > li', { hasText: en.advice.about('') })
    .first()
    .waitFor({ timeout: PATIENCE });
  await shots(tour, '1-first-screen');

  await page.getByText(en.methods.trainingMore).click();
  for (const [field, text] of [
    ['steps', '60'],
    ['batchSize', '16'],
    ['evaluateEvery', '10'],
    ['maxLength', '32'],
    ['validationRows', '200'],
  ] as const)
    await page.getByLabel(en.fieldNames[field], { exact: true }).fill(text);
  await page.getByText(en.methods.trainingMore).click();
  await start.click({ timeout: PATIENCE });
  await page.waitForFunction(
    () => (document.querySelector<HTMLProgressElement>('.run-controls progress')?.value ?? 0) > 150,
    undefined,
    { timeout: PATIENCE },
  );
  await button(en.pause).click();
  await page.waitForTimeout(3000);
  await shots(tour, '2-training', { before: comparison });

  await button(en.resume).first().click();
  await page.waitForFunction(
    () => {
      const rows = [...document.querySelectorAll<HTMLElement>('tr[data-run]')];
      return rows.length > 0 && rows.every(({ dataset }) => dataset.phase === 'completed');
    },
    undefined,
    { timeout: PATIENCE },
  );
  await start.waitFor({ timeout: PATIENCE });
  await page.locator('.verdict').waitFor({ timeout: PATIENCE });
  await shots(tour, '3-results', { before: comparison });

  const play = page.getByRole('region', { name: en.compare.playTitle });
  await play.getByLabel(en.compare.playText, { exact: true }).fill('A warm and funny film, well acted.');
  await play.getByRole('button', { name: en.compare.ask }).click();
  await page.locator('.answer-cards > li').last().waitFor({ timeout: PATIENCE });
  await shots(tour, '4-answers', {
    before: (language) => openPanel(page, TEXTS[language].compare.answersTitle),
  });
  await shots(tour, '5-try-it', {
    before: (language) => openPanel(page, TEXTS[language].compare.playTitle),
  });
  await shots(tour, '6-history', {
    before: async () => {
      await page.keyboard.press('h');
      await page.locator('[data-comparison]').first().waitFor();
    },
    after: () => page.keyboard.press('Escape'),
  });
  await page.getByText(en.share.title).click();
  await shots(tour, '7-elsewhere', {
    before: async (language) => {
      const title = page.getByText(TEXTS[language].share.title);
      await title.evaluate((element) => element.scrollIntoView());
    },
  });
}
