/** 问题、开始按钮和各方法赛跑的文字。 */
import { closedUp } from '../close-up.ts';
import { inChinese } from '../count.ts';
import type { Dictionary } from '../en.ts';

export const race: Dictionary['race'] = {
  demoQuestions: {
    demo: '这条影评是好评还是差评？',
    'demo-text2text': '怎样用一句话说出这些事实？',
  },
  demoAbout: {
    demo: '除了电影，还有图书、游戏、酒店和旅行的评论。',
  },
  whichOf: (labels) => `它是哪一类：${labels}？`,
  whichOfMany: (count) => `它属于 ${inChinese(count)} 个类别中的哪一个？`,
  whichNumber: (column) => `它的“${column}”是多少？`,
  whatText: '应该写出什么文字？',
  rowSays: '答案',
  ticked: (count) => `已勾选 ${inChinese(count)} 种`,
  chooseAgain: (name) => `上次在这里使用的 ${name} 太大，无法保存：请重新拖入或选择。`,
  startOver: '全部恢复默认设置',
  goBack: (name) => `回到 ${name}`,
  ended: {
    done: (time) => `完成，用时 ${time}`,
    stopped: (time) => `已停止，历时 ${time}`,
    failed: (time) => `失败，历时 ${time}`,
  },
  doing: {
    scoreUntuned: '正在给未微调的模型评分……',
    compile: (name, index, of) =>
      closedUp(`正在准备 ${name}，第 ${inChinese(index)} / ${inChinese(of)} 个……`),
    scoreStart: (name, index, of) =>
      closedUp(`正在给未微调的 ${name} 评分，第 ${inChinese(index)} / ${inChinese(of)} 个……`),
  },
  scoringLast: '已停止，正在给训练好的权重评分……',
  skipScoring: '跳过评分',
  percent: (percent) => `已完成 ${percent}%`,
  tellMe: '完成时通知我',
  off: {
    engine: '引擎已停止运行，请在上方重新启动。',
    openingDevice: '正在打开设备……',
    noDevice: '没有可用于计算的设备，原因见上方。',
    readingModel: '正在读取模型……',
    noModel: '还没有模型：请在“模型”中选择。',
    modelUnusable: '模型目前还不能训练：请看“模型”。',
    readingData: '正在读取数据……',
    noData: '还没有数据：请在“数据”中选择文件。',
    dataUnusable: '数据目前还不能使用：请看“数据”。',
    noMethod: '请在“方法”中至少勾选一种方法。',
    noAdapters: '融合需要两个或更多已训练的适配器：请在其选项中选择。',
    noPrompts: '子空间提示需要先前训练得到的提示：请在其选项中选择。',
    noLikeness: '按相似程度计权的提示需要一个本任务的提示：请在该方法的选项中选择。',
    advising: '正在试跑各种方法，请先停止，或等它结束。',
    json: '“方法”中的 JSON 无法读取。',
    field: (name) => `“${name}”的内容无法读取。`,
  },
};
