import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { StudyState } from '../../state/study/study-actions.ts';
import { useStudio } from '../../use-studio.tsx';

/** A part of the study's state; objects made by the selector are compared field by field. */
export function useStudy<Part>(select: (state: StudyState) => Part): Part {
  return useStore(useStudio().study.store, useShallow(select));
}

/** Is a study or the form being worked on, so that the form is to be left alone? */
export function useStudyBusy(): boolean {
  return useStudy(({ phase }) => phase !== 'idle' && phase !== 'planning');
}
