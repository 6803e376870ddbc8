/** 开始对比之前的建议。 */
import { closedUp } from '../close-up.ts';
import { inChinese } from '../count.ts';
import type { Dictionary } from '../en.ts';

export const advice: Dictionary['advice'] = {
  title: '开始之前',
  weights: { fault: '问题：', advice: '建议：', fact: '须知：' },
  setLength: (length) => `把长度设为 ${length}`,
  setMetric: (metric) => closedUp(`改用 ${metric} 评判`),
  models: '合适的模型',
  modelReads: { english: '英文', chinese: '中文', multilingual: '多语言' },
  load: (id) => `加载 ${id}`,
  modelCost: (size, memory) => `下载 ${size}，内存 ${memory} 起`,
  about: (time) => `约 ${time}`,
  findOut: '替我找出来',
  within: '限时',
  minutes: (count) => `${count} 分钟`,
  findOutHelp: '对七种方法各用三个学习率短时间试跑，较好的再训练更久。',
  stopFinding: '停止试跑',
  stoppingPilots: '正在停止，随后给出目前的结果……',
  preparingPilots: '正在准备各种方法……',
  pilotsDone: (done, first) =>
    `已试跑 ${inChinese(done)} 个；首轮共 ${inChinese(first)} 个，每轮较好的三分之一进入下一轮……`,
  pilots: '试跑过的方法，最好的在前',
  pilotDiverged: '发散',
  takeAdvice: '采用',
  findRate: '寻找学习率',
  findRateOf: (name) => closedUp(`寻找 ${name} 的学习率`),
  finding: '正在试不同的学习率……',
  takeRate: (rate) => `采用 ${rate}`,
  rateOf: (name) => closedUp(`${name} 的学习率`),
  rate: '学习率',
  smoothedLoss: '平滑后的损失',
  noRate: '没有一个学习率能让损失下降。',
  rateCurve: (from, to) => `学习率从 ${from} 增大到 ${to} 时的平滑损失`,
  diverges: (rate) => `在 ${rate} 处发散`,
  neverDiverges: '始终不发散',
};
