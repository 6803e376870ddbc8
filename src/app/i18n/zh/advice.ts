/** 开始比较之前的建议。 */
import type { Dictionary } from '../en.ts';

export const advice: Dictionary['advice'] = {
  title: '开始之前',
  weights: { fault: '问题', advice: '建议', fact: '须知' },
  setLength: (length) => `把长度设为 ${length}`,
  models: '合适的模型',
  modelReads: { english: '英文', chinese: '中文', multilingual: '多语言' },
  load: (id) => `加载 ${id}`,
  modelCost: (size, memory) => `下载 ${size}，内存 ${memory} 起`,
  about: (time) => `约 ${time}`,
  findRate: '寻找学习率',
  findRateOf: (name) => `寻找 ${name} 的学习率`,
  finding: '正在试不同的学习率……',
  takeRate: (rate) => `采用 ${rate}`,
  noRate: '没有一个学习率能让损失下降。',
  rateCurve: (from, to) => `学习率从 ${from} 增大到 ${to} 时的平滑损失`,
  diverges: (rate) => `在 ${rate} 处发散`,
  neverDiverges: '始终不发散',
};
