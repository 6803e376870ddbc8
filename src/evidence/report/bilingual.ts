/** Text of a report in both languages at once: a choice at its top shows one of them, without any script. */
import { escapeHtml } from '../../runs/svg-chart.ts';
import type { Told } from '../../sentence.ts';

export type Language = 'en' | 'zh';
/** Tells a sentence in a language; a text as it is. */
export type Said = (told: Told, language: Language) => string;

export class Bilingual {
  readonly #said: Said;
  readonly #languages: readonly Language[];

  /** @param languages one of them for a picture that stands alone */
  constructor(said: Said, languages: readonly Language[] = ['en', 'zh']) {
    this.#said = said;
    this.#languages = languages;
  }

  /** For HTML. */
  html(told: Told): string {
    return this.#both(
      told,
      (text, language) => `<span class="${language}" lang="${language}">${text}</span>`,
    );
  }

  /** A `text` of SVG. @param attributes where and how it stands */
  svg(told: Told, attributes: string): string {
    return this.#both(
      told,
      (text, language) => `<text class="${language}" lang="${language}" ${attributes}>${text}</text>`,
    );
  }

  /** A `title` of SVG, which cannot hold both to choose from: they stand side by side where they differ. */
  title(told: Told): string {
    const texts = new Set(this.#languages.map((language) => this.#said(told, language)));
    return `<title>${escapeHtml([...texts].join(' / '))}</title>`;
  }

  #both(told: Told, wrap: (text: string, language: Language) => string): string {
    return this.#languages.map((language) => wrap(escapeHtml(this.#said(told, language)), language)).join('');
  }
}
