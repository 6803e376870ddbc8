import type { device as english } from '../en/device.ts';
import type { Loosen } from '../en.ts';

export const device: Loosen<typeof english> = {
  title: '运行设备',
  opening: '正在打开设备……',
  runsOn: (name) => `运行于${name}`,
  trainsOn: (name) => `训练运行于${name}。`,
  processor: (threads) => `本机处理器（${threads} 个线程）`,
  software: (name) => `${name}（软件 GPU）`,
  set: '运行设备及其选择',
  understood: '知道了',
  choose: '计算设备',
  choices: { auto: '自动选择最好的', gpu: '显卡', wasm: '处理器' },
  threads: '处理器线程数',
  threadsHint: (cores) => `留空：${cores}，与核心数相同。`,
  threadsWrong: '请填 1 到 64 的数，或留空。',
  running: '比较正在进行，结束后才能更改。',
  use: '使用这些设置',
  none: '此浏览器无法训练',
  lost: '设备已丢失',
  again: '重新打开',
};
