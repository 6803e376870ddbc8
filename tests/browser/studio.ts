/** The page as the tests use it. */
import { expect, type Locator, type Page } from '@playwright/test';

/** The methods that are ticked when the page opens come first: these alone need unticking. */
const TICKED = ['Full', 'LoRA', 'Prompt', 'Head'] as const;
export type Method =
  | (typeof TICKED)[number]
  | 'Prefix'
  | 'Adapter'
  | 'BitFit'
  | 'LayerNorm'
  | 'IA³'
  | 'Last layers'
  | 'Selective';

export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page and waits until model and data are there. */
  async open(): Promise<void> {
    await this.page.goto('/');
    await expect(this.panel('Model')).toContainText('parameters');
    await expect(this.panel('Data')).toContainText('training rows');
  }

  panel(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  /** Ticks exactly these methods. */
  async choose(...methods: Method[]): Promise<void> {
    for (const method of new Set<Method>([...TICKED, ...methods])) {
      const card = this.page.getByRole('checkbox', { name: new RegExp(`^${method} `) });
      await card.setChecked(methods.includes(method));
    }
  }

  /** Fills fields by their labels; those of a method stand folded: `LoRA: Rank`. */
  async fill(fields: Record<string, string>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) {
      const method = /^(.+): /.exec(label)?.[1];
      if (method !== undefined) await this.openOptions(method);
      await this.page.getByLabel(label, { exact: true }).fill(text);
    }
  }

  /** Unfolds the options of a method. */
  async openOptions(method: string): Promise<void> {
    const field = this.page.getByLabel(`Options of ${method}: `);
    if (!(await field.evaluate((summary) => (summary.parentElement as HTMLDetailsElement).open)))
      await field.click();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The row of a run in the table of results. */
  result(run: string): Locator {
    return this.panel('Results').locator(`tr[data-run="${run}"]`);
  }

  /** Waits until the engine is ready to start. */
  async ready(): Promise<void> {
    await expect(this.button('Start')).toBeEnabled();
  }
}
