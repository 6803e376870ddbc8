/**
 * Names of classes that Hugging Face's datasets keeps in a file's metadata: the key `huggingface` holds
 * `{"info": {"features": {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}}}`.
 */
import { parseJson } from '../../../json.ts';
import { isRecord } from '../json-cells.ts';

/** @returns names by column; none where the metadata is not what datasets writes */
export function classLabels(
  metadata: readonly { key: string; value?: string }[] = [],
): Map<string, readonly string[]> {
  const labels = new Map<string, readonly string[]>();
  const text = metadata.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return labels;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return labels;
  }
  const info = isRecord(value) ? value.info : undefined;
  const features = isRecord(info) ? info.features : undefined;
  if (!isRecord(features)) return labels;
  for (const [column, feature] of Object.entries(features)) {
    if (!isRecord(feature) || feature._type !== 'ClassLabel' || !Array.isArray(feature.names)) continue;
    const names: unknown[] = feature.names;
    if (names.every((name) => typeof name === 'string')) labels.set(column, names);
  }
  return labels;
}
