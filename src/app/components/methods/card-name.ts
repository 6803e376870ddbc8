import type { MethodDraft } from '../../state/form.ts';
import { useText } from '../../use-studio.tsx';

/** `LoRA`, and `LoRA 2` for a copy. */
export function useCardName(): (draft: Pick<MethodDraft, 'id' | 'type'>) => string {
  const names = useText().methodNames;
  return ({ id, type }) => (id === type ? names[type] : `${names[type]} ${id.slice(type.length + 1)}`);
}
