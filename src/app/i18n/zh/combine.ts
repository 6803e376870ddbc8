/** 方法组合与阶段的文字。 */
import { closedUp } from '../close-up.ts';
import type { Dictionary } from '../en.ts';

export const combine: Dictionary['combine'] = {
  title: '组合',
  help: '把一种方法拖到另一种上，两者便一起训练；选项以各自卡片为准。',
  with: '与……组合',
  choose: '请选择……',
  how: { together: '一起训练', then: '先后训练' },
  stage: (number) => `第 ${number} 阶段`,
  next: '然后',
  combine: '组合',
  together: '+ 同时训练',
  add: '添加',
  put: (name, stage) => closedUp(`添加 ${name}：${stage}`),
  then: '+ 方法',
  addTo: (stage) => `添加方法：${stage}`,
  removeOne: (name, stage) => closedUp(`从${stage}中移除 ${name}`),
  remove: '移除',
  removeAll: (name) => closedUp(`移除 ${name}`),
  rate: '一起训练的方法的学习率',
  rateDefault: '默认值',
  rateWrong: '应为大于 0 的数，留空则用默认值',
  stageSteps: (steps) => `每个阶段训练 ${steps} 步；学到的内容冻结后留在下一阶段之下。`,
  dropOn: (name) => closedUp(`松开即与 ${name} 一起训练`),
};
