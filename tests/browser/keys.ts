/** The page by its keys alone: where the focus is, and how it comes somewhere. */
import { expect, type Locator, type Page } from '@playwright/test';

/** Of what has the focus: how it is found again, and whether it can be seen to have it. */
interface Stop {
  name: string;
  seen: boolean;
}

/** What has the focus; null where nothing of the page has. */
export const stopOf = (page: Page): Promise<Stop | null> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    element.setAttribute('data-reached', '');
    // A file field shows its focus on the button that stands for it.
    const shown = element.closest('.button') ?? element;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    const { width, height, top, bottom } = shown.getBoundingClientRect();
    return {
      name: element.outerHTML.slice(0, 120),
      seen:
        outlineStyle !== 'none' &&
        parseFloat(outlineWidth) >= 2 &&
        width > 0 &&
        height > 0 &&
        bottom > 0 &&
        top < innerHeight,
    };
  });

/** Tabs forward until an element has the focus, and sees it all the way. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 250; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      expect((await stopOf(page))?.seen, `the focus on ${String(target)}`).toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`250 presses of Tab did not reach ${String(target)}`);
}

/** Chooses an option as arrow keys do. */
export async function choose(page: Page, select: Locator, label: string): Promise<void> {
  await tabTo(page, select);
  await page.keyboard.press('Home');
  for (let presses = 0; presses < 60; presses++) {
    const now = await select.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.label);
    if (now === label) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`no "${label}" in ${String(select)}`);
}

export async function type(page: Page, field: string, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(field, { exact: true }));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}
