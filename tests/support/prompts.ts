/** Folders with prompts, as prompt tuning leaves them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { floatInitializer } from '../../src/graph/tensor.ts';
import { writeSafetensors } from '../../src/onnx/safetensors.ts';

/** Writes so many into a folder. @returns their names there */
export function writePrompts(folder: string, count: number, tokens: number, width: number): string[] {
  const random = new PhiloxStream(11, 1);
  return Array.from({ length: count }, (_, i) => {
    const name = `prompt-${i}`;
    mkdirSync(path.join(folder, name), { recursive: true });
    const config = { peft_type: 'PROMPT_TUNING', num_virtual_tokens: tokens, token_dim: width };
    writeFileSync(path.join(folder, name, 'adapter_config.json'), JSON.stringify(config));
    const rows = Float32Array.from({ length: tokens * width }, () => random.normal(0.2));
    writeFileSync(
      path.join(folder, name, 'adapter_model.safetensors'),
      writeSafetensors([floatInitializer('prompt_embeddings', [tokens, width], rows)], { format: 'pt' }),
    );
    return name;
  });
}
