/**
 * One method as Python over a transformers model: PEFT's class where PEFT has the method, plain PyTorch
 * where a few lines do, and a sentence where neither says the same.
 */
import { methodList, type Methods, type MethodSpec } from '../spec-method.ts';
import { keywords, python } from './values.ts';

/** How a method looks in Python. */
export interface MethodSnippet {
  /** Names from `peft`. */
  imports: string[];
  /** Body of `def tune(model)`, lines without indentation; null where there is no equivalent. */
  body: string[] | null;
  /** What differs from the studio's method, or why there is no equivalent. */
  note?: string;
}

const TASK = 'task_type="SEQ_CLS"';

function peft(config: string, options: Record<string, string | undefined>, note?: string): MethodSnippet {
  const call = `${config}(${TASK}, ${keywords(options)})`;
  return {
    imports: ['get_peft_model', config],
    body: [`return get_peft_model(model, ${call})`],
    ...(note !== undefined && { note }),
  };
}

/** Freezes all but what a condition on `name` picks; the head always trains. */
function chosen(condition: string | null): MethodSnippet {
  const test = condition === null ? 'HEAD.search(name)' : `${condition} or HEAD.search(name)`;
  return {
    imports: [],
    body: [
      'for name, parameter in model.named_parameters():',
      `    parameter.requires_grad = bool(${test})`,
      'return model',
    ],
  };
}

/** @returns the first lines of Python for a method or several at once */
export function methodSnippet(methods: Methods): MethodSnippet {
  const list = methodList(methods);
  if (list.length > 1) {
    return none('PEFT does not train several methods with one call; the command line does.');
  }
  const [method] = list;
  const snippet = one(method);
  if (method.init === undefined) return snippet;
  if (typeof method.init !== 'string') {
    const mean = 'It starts from several prompts, which this script does not read.';
    return { ...snippet, note: [snippet.note, mean].filter(Boolean).join(' ') };
  }
  const start = `It starts from ${method.init}: load that with PeftModel.from_pretrained(model, path, is_trainable=True).`;
  return { ...snippet, note: [snippet.note, start].filter(Boolean).join(' ') };
}

function hiddenSize(size: number | undefined): string | undefined {
  return size === undefined ? undefined : python(size);
}

function none(note: string): MethodSnippet {
  return { imports: [], body: null, note };
}

function one(method: MethodSpec): MethodSnippet {
  switch (method.type) {
    case 'full':
      return { imports: [], body: ['return model'] };
    case 'head':
      return chosen(null);
    case 'bitfit':
      return chosen('name.endswith("bias")');
    case 'lora':
      return peft('LoraConfig', {
        r: python(method.rank),
        lora_alpha: python(method.alpha),
        lora_dropout: python(method.dropout),
        use_rslora: python(method.rankStabilized),
        use_dora: method.dora ? 'True' : undefined,
        init_lora_weights: method.initialization === 'default' ? undefined : `"${method.initialization}"`,
        target_modules: `modules(model, ${python(method.targets)})`,
      });
    case 'vera':
      return peft('VeraConfig', {
        r: python(method.rank),
        d_initial: python(method.initialScale),
        projection_prng_key: python(method.projectionKey),
        target_modules: `modules(model, ${python(method.targets)})`,
      });
    case 'loha':
      return peft('LoHaConfig', {
        r: python(method.rank),
        alpha: python(method.alpha),
        target_modules: `modules(model, ${python(method.targets)})`,
      });
    case 'lokr':
      return peft('LoKrConfig', {
        r: python(method.rank),
        alpha: python(method.alpha),
        decompose_factor: python(method.factor),
        decompose_both: python(method.decomposeBoth),
        target_modules: `modules(model, ${python(method.targets)})`,
      });
    case 'sparse':
      return peft(
        'ShiraConfig',
        {
          r: python(method.rank),
          random_seed: method.maskSeed === undefined ? undefined : python(method.maskSeed),
          target_modules: `modules(model, ${python(method.targets)})`,
        },
        method.maskSeed === undefined
          ? 'The places here are those of random_seed = the seed of the run.'
          : undefined,
      );
    case 'prompt':
      return peft('PromptTuningConfig', {
        num_virtual_tokens: python(method.virtualTokens),
        prompt_tuning_init: method.initialization === 'vocab' ? '"SAMPLE_VOCAB"' : '"RANDOM"',
        tokenizer_name_or_path: method.initialization === 'vocab' ? 'MODEL' : undefined,
      });
    case 'prefix':
      return peft(
        'PrefixTuningConfig',
        {
          num_virtual_tokens: python(method.virtualTokens),
          prefix_projection: method.projection ? 'True' : undefined,
          encoder_hidden_size: hiddenSize(method.projection ? method.encoderHiddenSize : undefined),
        },
        method.initialization === 'zero' ? 'PEFT starts prefixes at random, this run at zero.' : undefined,
      );
    case 'ptuning':
      return peft('PromptEncoderConfig', {
        num_virtual_tokens: python(method.virtualTokens),
        encoder_reparameterization_type: python(method.encoderReparameterizationType.toUpperCase()),
        encoder_hidden_size: hiddenSize(method.encoderHiddenSize),
        encoder_num_layers: python(method.encoderLayers),
        encoder_dropout: python(method.encoderDropout),
      });
    case 'ia3':
      return peft('IA3Config', {
        target_modules: `modules(model, ${python(method.targets)})`,
        feedforward_modules: `modules(model, ${python(method.targets.filter((target) => /(^|\.)(o|ffn\.(in|out))$/.test(target)))})`,
      });
    case 'layernorm':
      return peft('LNTuningConfig', {
        target_modules:
          '[name for name, module in model.named_modules() if isinstance(module, nn.LayerNorm)]',
      });
    case 'adapter':
      return bottleneck(method);
    case 'lastLayer':
      return lastLayers(method.layers);
    default:
      return none(`There is no short equivalent of "${method.type}" in PEFT; the command line does it.`);
  }
}

const ACTIVATIONS: Record<Extract<MethodSpec, { type: 'adapter' }>['activation'], string> = {
  silu: 'nn.functional.silu',
  relu: 'nn.functional.relu',
  gelu: 'nn.functional.gelu',
  tanh: 'torch.tanh',
};

function bottleneck(method: Extract<MethodSpec, { type: 'adapter' }>): MethodSnippet {
  if ((method.placement !== 'both' && method.placement !== 'ffn') || method.learnedScale) {
    return none('Adapters of this kind have no short equivalent in PyTorch; the command line does it.');
  }
  const places = method.placement === 'both' ? ['o', 'ffn.out'] : ['ffn.out'];
  const activation = ACTIVATIONS[method.activation];
  return {
    imports: [],
    body: [
      'class WithAdapter(nn.Module):  # Houlsby et al. 2019',
      '    def __init__(self, linear):',
      '        super().__init__()',
      '        self.linear = linear',
      `        self.down = nn.Linear(linear.out_features, ${method.bottleneck})`,
      `        self.up = nn.Linear(${method.bottleneck}, linear.out_features)`,
      '        for tensor in (self.down.bias, self.up.weight, self.up.bias):',
      '            nn.init.zeros_(tensor)',
      '',
      '    def forward(self, inputs):',
      '        output = self.linear(inputs)',
      `        return output + self.up(${activation}(self.down(output)))`,
      '',
      'for name, parameter in model.named_parameters():',
      '    parameter.requires_grad = bool(HEAD.search(name))',
      `for name in modules(model, ${python(places)}):`,
      '    parent, _, child = name.rpartition(".")',
      '    setattr(model.get_submodule(parent), child, WithAdapter(model.get_submodule(name)))',
      'return model',
    ],
  };
}

function lastLayers(layers: number): MethodSnippet {
  return {
    imports: [],
    body: [
      'pattern = re.compile(r"\\.layers?\\.(\\d+)\\.|\\.block\\.(\\d+)\\.")',
      `first = model.config.num_hidden_layers - ${layers}`,
      'for name, parameter in model.named_parameters():',
      '    found = pattern.search(name)',
      '    layer = int(found[1] or found[2]) if found else -1',
      '    parameter.requires_grad = layer >= first or bool(HEAD.search(name))',
      'return model',
    ],
  };
}
