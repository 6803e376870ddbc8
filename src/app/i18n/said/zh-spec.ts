/** What reading run specs says, in Chinese: the field, what it got, what it accepts. */
import type { Phrases } from './phrasebook.ts';

export const spec: Phrases = {
  'the spec is not valid JSON: {reason}': '这份规格不是合法的 JSON：{reason}',
  '{path}: got {~got}; expected {=expected}': '{path}：给出了 {got}，应为{expected}',
  '{path}: got {~got}; expected {=expected} (and {#count} more field[s])':
    '{path}：给出了 {got}，应为{expected}（另有 {count} 个字段有误）',
  'the spec: got {~got}; expected {=expected}': '整份规格：给出了 {got}，应为{expected}',
  'the spec: missing; expected {=expected}': '整份规格：缺失，应为{expected}',
  'the spec: got {~got}; expected {=expected} (and {#count} more field[s])':
    '整份规格：给出了 {got}，应为{expected}（另有 {count} 个字段有误）',
  'the spec: missing; expected {=expected} (and {#count} more field[s])':
    '整份规格：缺失，应为{expected}（另有 {count} 个字段有误）',
  '{path}: missing; expected {=expected}': '{path}：缺失，应为{expected}',
  '{path}: missing; expected {=expected} (and {#count} more field[s])':
    '{path}：缺失，应为{expected}（另有 {count} 个字段有误）',
  '{path}: got {~got}, but there is no such field, did you mean {guess}?; {~holder} accepts {accepted}':
    '{path}：给出了 {got}，但没有这个字段，是否想写 {guess}？{holder}可用的字段有 {accepted}',
  '{path}: got {~got}, but there is no such field, did you mean {guess}?; {~holder} accepts {accepted} (and {#count} more)':
    '{path}：给出了 {got}，但没有这个字段，是否想写 {guess}？{holder}可用的字段有 {accepted}（另有 {count} 个字段有误）',
  '{path}: got {~got}, but there is no such field, did you mean {guess}?; {~holder} accepts {accepted} (and {#count} more field[s])':
    '{path}：给出了 {got}，但没有这个字段，是否想写 {guess}？{holder}可用的字段有 {accepted}（另有 {count} 个字段有误）',
  '{path}: got {~got}, but there is no such field; {~holder} accepts {accepted}':
    '{path}：给出了 {got}，但没有这个字段；{holder}可用的字段有 {accepted}',
  '{path}: got {~got}, but there is no such field; {~holder} accepts {accepted} (and {#count} more)':
    '{path}：给出了 {got}，但没有这个字段；{holder}可用的字段有 {accepted}（另有 {count} 个字段有误）',
  '{path}: got {~got}, but there is no such field; {~holder} accepts {accepted} (and {#count} more field[s])':
    '{path}：给出了 {got}，但没有这个字段；{holder}可用的字段有 {accepted}（另有 {count} 个字段有误）',
  '{value} (a number)': '{value}（数字）',
  '{value} (a string)': '{value}（文字）',
  '{value} (a list)': '{value}（列表）',
  '{value} (an object)': '{value}（对象）',
  '{value} (a boolean)': '{value}（真假值）',
  'a spec': '规格',

  'an object with the fields {fields}': '含有字段 {fields} 的对象',
  'an integer from {#min} to {#max}': '{min} 到 {max} 的整数',
  'an integer from {#min}': '不小于 {min} 的整数',
  'a number': '数字',
  'a number from {min} to {max}': '{min} 到 {max} 的数',
  'a number from {min} up to, not including, {max}': '不小于 {min} 且小于 {max} 的数',
  'a number from {min} up to {max}': '{min} 到 {max} 的数',
  'a number above {min}, up to, not including, {max}': '大于 {min} 且小于 {max} 的数',
  'a number above {min}, up to {max}': '大于 {min} 且不超过 {max} 的数',
  'a number from {min}': '不小于 {min} 的数',
  'a number above {min}': '大于 {min} 的数',
  'true or false': 'true 或 false',
  '"auto", true or false': '"auto"、true 或 false',
  '"auto", or a label of the Encoding Standard such as "shift_jis"':
    '"auto"，或 Encoding 标准中的编码名称，例如 "shift_jis"',
  'a list of words': '词的列表',
  // One of a few words, as `"mean" or "first"`.
  '"{$word}"': '“{word}”',
  '"{$first}" or {=rest}': '“{first}”或{rest}',
  '"{$first}" and {=rest}': '“{first}”和{rest}',
  // The format's version.
  '1': '1',

  'a name': '名称',
  '"builtin:NAME", a path, or a hub id such as "owner/name"':
    '"builtin:NAME"、路径，或如 "owner/name" 的 hub 名称',
  'the path of a data file': '数据文件的路径',
  'the name of a column': '列名',
  'a list of one or two column names': '含一个或两个列名的列表',
  'a path, or a fraction of the training rows between 0 and 1': '路径，或 0 到 1 之间的训练行占比',
  'a path or a fraction, since training.evaluateEvery is {every}; set that to 0 to never evaluate':
    '路径或占比，因为 training.evaluateEvery 为 {every}（设为 0 则从不评估）',
  'a path or a fraction, since training.earlyStopping is set':
    '路径或占比，因为设置了 training.earlyStopping',
  'a path or a fraction, since training.keepBest is true': '路径或占比，因为 training.keepBest 为 true',
  'an integer from 1, since training.earlyStopping is set':
    '不小于 1 的整数，因为设置了 training.earlyStopping',
  'data.validation is {value}; give a file or a fraction between 0 and 1.':
    'data.validation 为 {value}，请给出文件，或 0 到 1 之间的占比。',

  'one of the types {types}': '以下类型之一：{types}',
  'a method such as {example}, of {=types}': '如 {example} 的方法，{types}',
  'a list such as {example}': '如 {example} 的列表',
  'a list such as {example}, or name the methods': '如 {example} 的列表，或指明各方法',
  'a list with at least one method': '至少含一种方法的列表',
  'a list of methods to train in turn': '依次训练的方法的列表',
  'a folder with a saved adapter': '存有适配器的文件夹',
  'a role such as "q", a dotted suffix of a weight name, or a /regular expression/':
    '如“q”的位置、以点分隔的名称结尾，或 /正则表达式/',
  'a regular expression that compiles, without lookaround or backreferences':
    '不含环视和反向引用、能编译的正则表达式',
  'a list of roles such as ["q", "v"]': '位置的列表，如 ["q", "v"]',
  'a list with at least one role such as ["q", "v"]': '至少含一个位置的列表，如 ["q", "v"]',
  'an object from roles to numbers such as {example}': '从位置到数的对象，如 {example}',
  'it to be left out, since method is given': '空（已经有 method）',
  'it to be left out: all methods of a comparison share training.{field}':
    '空（一次对比的各方法共用 training.{field}）',
  '{path}: the method "{method}" is not available yet; use {types}':
    '{path}：还没有方法“{method}”，请使用 {types}',
  'another method than "{type}", which an earlier stage has: its virtual tokens can be added once':
    '“{type}”以外的方法（前面的阶段已经有它，虚拟词元只能加一次）',

  'two numbers such as [0.9, 0.999]': '两个数，如 [0.9, 0.999]',
  'a positive number; two such as [1e-30, 1e-3] with "adafactor"':
    '正数（“adafactor”则为两个，如 [1e-30, 1e-3]）',
  'one positive number with type "adamw"': '一个正数（类型为“adamw”时）',
  'two positive numbers such as [1e-30, 1e-3] with type "adafactor"':
    '两个正数，如 [1e-30, 1e-3]（类型为“adafactor”时）',
  'nothing with type "{type}": {=hint}': '空：类型“{type}”没有这一项，{hint}',
  'it belongs to "adafactor"': '它属于“adafactor”',
  '"adafactor" has beta1 and decayRate instead': '“adafactor”用 beta1 和 decayRate 代替',
  'nothing with relativeStep, which makes its own rate; leave it out or set relativeStep to false':
    '空：relativeStep 会自己决定学习率，请去掉它，或把 relativeStep 设为 false',
  'false without relativeStep; training.schedule.warmupSteps warms a given rate up':
    'false，因为没有 relativeStep（给定的学习率用 training.schedule.warmupSteps 预热）',
};
