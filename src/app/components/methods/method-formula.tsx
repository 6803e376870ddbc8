import type { MethodType } from '../../../deltas/defaults.ts';
import { formatCount } from '../../format.ts';
import { countMethod, LAWS } from '../../state/method-formula.ts';
import { useStudioState, useText } from '../../use-studio.tsx';

/** How the number of trained parameters comes about in this model; nothing until the model is read. */
export function MethodFormula({ run, type }: { run: string; type: MethodType }) {
  const text = useText();
  const tree = useStudioState((state) => state.tree);
  const counted = tree === null ? null : countMethod(tree, run);
  if (counted === null) return null;
  const { terms, sum, places, head } = counted;
  return (
    <p className="method-formula field-hint">
      <span title={text.methods.formulaHelp}>
        {text.methods.formula(
          LAWS[type].replace('encoder', text.methods.encoderOfLaw),
          terms,
          formatCount(sum),
        )}
      </span>
      <span>{text.methods.fits(places, head)}</span>
    </p>
  );
}
