/** A stranger's walk to a verdict: a Chinese page on a phone, and a table as a Chinese office wrote it. */
import { expect, test } from '@playwright/test';
import { encodeLegacy } from '../support/many-languages.ts';
import { StudioPage } from './studio.ts';

const GOOD = ['房间很干净，服务员也很热情', '早餐丰富，位置方便，下次还会来', '前台态度好，价格也合理'];
const BAD = ['房间又脏又小，隔音很差', '服务态度恶劣，再也不会来了', '早餐难吃，价格太贵'];

/** No names of columns, commas of both kinds, and GB18030. */
function reviews(rows: number): Buffer {
  const lines = Array.from({ length: rows }, (_, i) => {
    const [texts, label] = i % 2 === 0 ? [GOOD, '好评'] : [BAD, '差评'];
    return `"${texts[i % 3]}，${i}号房",${label}`;
  });
  return Buffer.from(encodeLegacy(`${lines.join('\r\n')}\r\n`, 'gb18030'));
}

test('a headerless GB18030 table on a phone, in Chinese: read, warned about, trained on and judged', async ({
  page,
}) => {
  const studio = new StudioPage(page);
  await studio.open();
  await studio.choose('LoRA', 'Head');
  await page.getByRole('button', { name: '中文' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  // On a phone the settings are folded under their names.
  for (const title of ['数据', '运行']) {
    const fold = studio.panel(title).getByRole('button', { name: title, exact: true });
    if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  }
  await page.getByLabel('步数', { exact: true }).fill('12');
  await page.getByLabel('评估间隔', { exact: true }).fill('6');
  const data = studio.panel('数据');
  const file = { name: '酒店.csv', mimeType: 'text/csv', buffer: reviews(120) };
  await data.getByLabel('训练文件').setInputFiles(file);
  await expect(data).toContainText('训练 108 行，验证 12 行');
  await expect(data.getByRole('alert')).toHaveCount(0);
  await expect(data).toContainText('按 gb18030 读取，以逗号分隔，没有列名');
  // What no method can mend is said before anything else.
  const advice = page.getByRole('region', { name: '开始之前', exact: true });
  await expect(advice.locator('li').first()).toContainText('模型几乎读不懂');
  const start = studio.button('开始');
  await expect(start).toBeEnabled();
  await start.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').first()).toHaveText(/^完成，用时/, { timeout: 300_000 });
  const verdict = page.locator('.verdict-first');
  await expect(verdict).toBeInViewport({ timeout: 15_000 });
  await expect(verdict).toHaveText(/[一-鿿]/);
  // Nothing stands beyond the edge of the phone.
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await expect(page.getByText('引擎原文')).toHaveCount(0);
});
