/** The dictionary of the chosen language, for sentences that the page's state makes. */
import { preferences } from '../state/preferences.ts';
import { en, type Dictionary } from './en.ts';
import { zh } from './zh.ts';

export function currentText(): Dictionary {
  return preferences.getState().language === 'zh' ? zh : en;
}
