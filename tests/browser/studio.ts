/** The page as the tests use it. */
import { AxeBuilder } from '@axe-core/playwright';
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
  | 'Selective'
  | 'Subspace prompt'
  | 'Fusion';

/** A text file as a person chooses one. */
export function textFile(name: string, text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/** Few rows of the demo: a run is scored on up to 2,000 training rows at its end, which takes longer than its steps. */
export const FEW_ROWS = { 'Training rows at most': '48', 'Validation rows at most': '24' };

export class StudioPage {
  declare protected readonly nominal: true;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page and waits until model and data are there. @param adapter by its name, else as the page chooses */
  async open(adapter?: string): Promise<void> {
    await this.page.goto(adapter === undefined ? '/' : `/?adapter=${adapter}`);
    // A machine that does other things too takes its time to read the model.
    await expect(this.panel('Model')).toContainText('parameters', { timeout: 120_000 });
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

  /** Trains LoRA for two steps on few rows, to its end. */
  async trainBriefly(timeout: number): Promise<void> {
    await this.choose('LoRA');
    await this.fill({
      Steps: '2',
      'Batch size': '4',
      'Evaluate every': '2',
      ...FEW_ROWS,
      'Validation rows at most': '8',
    });
    await this.ready();
    await this.button('Start').click();
    await expect(this.result('lora')).toHaveAttribute('data-phase', 'completed', { timeout });
  }

  /** Fills fields by their labels, `LoRA: Rank`; what they stand folded in is opened. */
  async fill(fields: Record<string, string>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) {
      const field = this.page.getByLabel(label, { exact: true });
      await field.evaluate((input) =>
        input.closest('details:not([open])')?.querySelector('summary')?.click(),
      );
      await field.fill(text);
    }
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

/** Violations that keep people out, as `rule: element`. @param within a selector of what is looked through */
export async function violations(page: Page, within = 'html'): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(within).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}
