import type { engine as english } from '../en/engine.ts';
import type { Busy } from '../../../protocol/life.ts';

const doing: Record<Busy, string> = {
  device: '请求计算设备',
  model: '读取模型',
  data: '读取数据',
  plan: '计算内存与内核',
  store: '保存训练结果',
  answer: '回答',
  export: '写出模型',
};

export const engine: typeof english = {
  title: '引擎已停止',
  dead: '本页的训练引擎意外退出（浏览器在内存不足时会这样做）；页面上的内容保持不变，最近一个检查点之前的训练结果已保存。',
  silent: (what) =>
    `本页的训练引擎${what === null ? '' : `在${doing[what]}时`}不再响应；页面上的内容保持不变，最近一个检查点之前的训练结果已保存。`,
  again: '重新启动引擎',
  startedAgain: '引擎在回答之前重新启动了，请再问一次。',
  busy: (what, seconds) => `引擎正在${doing[what]}（${seconds} 秒）`,
};
