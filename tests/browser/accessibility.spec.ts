import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { StudioPage } from './studio.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no serious accessibility violations, ${colorScheme}, before and after training`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const studio = new StudioPage(page);
    await studio.open();
    await studio.choose('Head');
    await studio.fill({ Steps: '4', 'Batch size': '4', 'Evaluate every': '0' });
    await studio.ready();
    expect(await violations(page)).toEqual([]);
    await studio.button('Start').click();
    await expect(studio.result('head')).toHaveAttribute('data-phase', 'completed', { timeout: 60_000 });
    expect(await violations(page)).toEqual([]);
  });
}

/** Violations that keep people out, as `rule: element`. */
async function violations(page: ConstructorParameters<typeof AxeBuilder>[0]['page']): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}
