/** "As in the study": the numbers of the delta tuning study, written into the form. */
import { STUDY_OPTIONS } from '../../deltas/defaults.ts';
import { methodFields, type MethodDraft } from './form.ts';
import { writeField, type FieldValue } from './form-fields.ts';

/** What to write where, for every draft of a method that the study gives numbers of. */
export function studyFields(drafts: readonly MethodDraft[]): { id: string; field: string; text: string }[] {
  return drafts.flatMap(({ id, type }) => {
    const options = STUDY_OPTIONS[type] ?? {};
    return methodFields(type).flatMap((field) =>
      field.name in options
        ? [{ id, field: field.name, text: writeField(options[field.name] as FieldValue) }]
        : [],
    );
  });
}
