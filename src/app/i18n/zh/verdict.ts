/** 结论及其表格的文字。 */
import { inChinese } from '../count.ts';
import { closedUp } from '../close-up.ts';
import type { Dictionary } from '../en.ts';

export const verdict: Dictionary['verdict'] = {
  title: '该用哪种',
  judging: '正在比较得分……',
  evidence: '依据',
  judgedOn: {
    test: '测试数据，只看一次',
    validation: '验证数据（也用来选择步数，因此偏乐观）',
    train: '训练数据',
  },
  caption: (metric, rows) => `${metric}，依据${rows}；附 95% 区间。`,
  spoken: (name, label) => label ?? name,
  interval: (from, to) => `${from} 至 ${to}`,
  points: (size) => `${size} 个百分点`,
  part: (name, part) => `${name}：${part}`,
  from: '95% 下限',
  to: '95% 上限',
  inBytes: (name) => `${name}（字节）`,
  inSeconds: (name) => `${name}（秒）`,
  against: (baseline) => closedUp(`相对 ${baseline}`),
  probability: 'Holm 校正后的 p',
  probabilityHelp:
    '多个随机种子时用精确符号翻转检验，只有一个时用逐行配对检验；所有方法同时与基准比较，因此按 Holm 校正。“最小”指这么多种子在比较这么多方法时所能给出的最小值。',
  least: (p) => `最小 ${p}`,
  gap: '差距',
  gapHelp: '训练得分减去评判得分，即靠死记硬背得到的部分。',
  trained: '训练参数',
  memory: '内存',
  time: '用时',
  largestClass: '总是预测最大的类别',
  alwaysMean: '总是预测平均值',
  untuned: '未微调的模型',
  largestClassHelp: '每一行都预测为训练数据中最大的类别时的得分。',
  meanHelp: '每一行都预测为训练数据的平均值时的得分。',
  untunedHelp: '模型在任何训练之前的得分。',
  baseline: '基准',
  seeds: (count) => `${inChinese(count)} 个种子`,
  showSeeds: (name) => closedUp(`${name} 的各次运行`),
  withSeed: (name, seed) => `${name}（种子 ${String(seed)}）`,
  seed: (seed) => `种子 ${String(seed)}`,
  singleRuns: '各次运行及其下载',
};
