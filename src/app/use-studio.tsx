/** React's way into the page's stores. */
import { type Told } from '../sentence.ts';
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { en, type Dictionary } from './i18n/en.ts';
import { said } from './i18n/said.ts';
import { zh } from './i18n/zh.ts';
import { preferences } from './state/preferences.ts';
import type { StudioState } from './state/studio-state.ts';
import type { Studio } from './state/studio-actions.ts';

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = use(StudioContext);
  if (studio === null) throw new Error('internal: no studio around this component');
  return studio;
}

/** A part of the studio's state; objects made by the selector are compared field by field. */
export function useStudioState<Part>(select: (state: StudioState) => Part): Part {
  return useStore(useStudio().store, useShallow(select));
}

/** The texts of the chosen language. */
export function useText(): Dictionary {
  return useStore(preferences, (state) => (state.language === 'zh' ? zh : en));
}

/** Puts a sentence of the engine into the chosen language. */
export function useSaid(): (sentence: Told) => string {
  const language = useStore(preferences, (state) => state.language);
  return (sentence) => said(sentence, language);
}
