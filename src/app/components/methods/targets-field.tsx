import { splitTargets, type MethodField } from '../../state/form-fields.ts';
import { countTargets } from '../../state/model-tree.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { OptionField } from '../option-field.tsx';

interface Props {
  field: MethodField;
  fullLabel: string;
  text: string;
  disabled: boolean;
  onText: (text: string) => void;
}

/** Roles that encoders have; a model may have more. */
const ROLES = ['q', 'k', 'v', 'o', 'ffn.in', 'ffn.out'] as const;

/** Which matrices a method attaches to: chips for the usual roles, and a line for anything else. */
export function TargetsField({ field, fullLabel, text, disabled, onText }: Props) {
  const t = useText();
  const chosen = splitTargets(text);
  const linears = useStudioState((state) => state.tree?.linears ?? null);
  const counted = linears === null ? null : countTargets(linears, chosen);
  const missing = chosen.find((target) => counted?.each.get(target) === 0);
  const matched =
    counted === null
      ? null
      : missing !== undefined
        ? t.methods.matchesNothing(missing)
        : t.methods.matches(counted.total, chosen.join(', '));
  const toggle = (role: string): void => {
    const next = chosen.includes(role) ? chosen.filter((target) => target !== role) : [...chosen, role];
    onText(next.join(', '));
  };
  return (
    <div className="targets">
      <OptionField {...{ field, fullLabel, text, disabled, onText }}>
        <p className="field-hint">{matched ?? t.methods.targetsHelp}</p>
      </OptionField>
      <div className="chips" role="group" aria-label={fullLabel}>
        {ROLES.map((role) => (
          <button
            key={role}
            type="button"
            className="chip"
            aria-pressed={chosen.includes(role)}
            disabled={disabled}
            onClick={() => toggle(role)}
          >
            {role}
          </button>
        ))}
      </div>
    </div>
  );
}
