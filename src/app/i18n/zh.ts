/** Every text of the page, in Chinese. */
import { inChinese } from './count.ts';
import type { Dictionary } from './en.ts';
import { advice } from './zh/advice.ts';
import { byClass, takeAlong } from './zh/by-class.ts';
import { combine } from './zh/combine.ts';
import { compare } from './zh/compare.ts';
import { dataStep } from './zh/data.ts';
import { drop } from './zh/drop.ts';
import { guard, history, share, shortcuts } from './zh/history.ts';
import { device } from './zh/device.ts';
import { engine } from './zh/engine.ts';
import { modelStep } from './zh/model.ts';
import { fieldHelp, fieldNames, methodNames, methods } from './zh/methods.ts';
import { race } from './zh/race.ts';
import { specFields } from './zh/spec-fields.ts';
import { study } from './zh/study.ts';
import { verdict } from './zh/verdict.ts';
import { written } from './zh/written.ts';

export const zh: Dictionary = {
  languageName: '中文',
  tagline: '在这个标签页里微调语言模型，数据不离开你的电脑。',
  switchLanguage: 'English',
  theme: '主题',
  themeAuto: '自动',
  themeLight: '浅色',
  themeDark: '深色',
  setup: '设置',
  loading: '加载中……',
  internalProblem: '这是 Delta Studio 自身的缺陷，与你的输入无关：',

  policy: {
    connection: (host, origin) =>
      `本页的安全策略阻止了与 ${host} 的连接；如果信任它作为 hub，请用 npm start -- --hub ${origin} 启动。`,
    other: (place, directive) =>
      `本页的安全策略（${directive}）阻止了 ${place}，它不属于本工具，可能来自浏览器扩展。`,
  },

  modelTitle: '模型',
  modelFolder: '选择模型文件夹',
  modelDrop: '或拖放到这里：BERT 的 ONNX 导出，或 T5 的编码器与解码器，附 config.json 和 tokenizer.json',
  modelFacts: (layers, width) => `${inChinese(layers)} 层，宽度 ${inChinese(width)}`,
  vocabulary: (count) => `词表 ${count}`,
  parameters: (count) => `${count} 个参数`,
  freshHead: '将新建分类头',
  ownHead: '自带分类头',
  longest: (tokens) => `最长 ${inChinese(tokens)} 个词元`,

  dataTitle: '数据',
  dataBuiltin: '演示数据',
  dataTrain: '训练文件',
  dataValidation: '验证文件（可选）',
  dataDrop:
    '或把 CSV、TSV、JSON Lines 或 Parquet 拖到页面任何位置；训练、验证（dev、valid）和测试（test）文件按名字区分',
  dataUse: '使用这些文件',
  dataRows: (train, validation) => `训练 ${train} 行，验证 ${validation} 行`,
  dataCut: '从训练数据中留出十分之一用于验证',
  dataCutLess: '验证数据从训练数据中留出',
  columnText: '文本列',
  columnText2: '第二文本列',
  columnLabel: '标签列',
  columnNone: '无',
  task: '任务',
  taskClassification: '分类',
  taskRegression: '回归',
  classes: '类别',
  classCount: (label, train, validation) =>
    `${label}：训练 ${inChinese(train)}，验证 ${inChinese(validation)}`,
  dataStep,
  modelStep,

  methodsTitle: '方法',
  methodsHelp: '所有勾选的方法都从相同的起点出发，以相同的顺序在相同的数据上训练。',
  methodNames,
  fieldNames,
  fieldHelp,
  specFields,
  study,
  methods,
  history,
  guard,
  share,
  shortcuts,
  trainingTitle: '运行',
  noMethods: '请至少勾选一种方法。',

  comparison: '对比',
  start: '开始',
  pause: '暂停',
  resume: '继续',
  stepOnce: '单步',
  stop: '停止',
  sessionNames: {
    idle: '就绪',
    preparing: '准备中……',
    running: '训练中',
    paused: '已暂停',
    stopping: '正在停止……',
  },
  progress: (done, all) => `${inChinese(done)} / ${inChinese(all)} 步`,

  memoryTitle: '内存',
  memoryNote: '本工具的分配器实际申请的字节数；浏览器没有查询显存占用的接口。',
  memoryNames: {
    frozenWeights: '冻结权重',
    trainable: '可训练',
    gradients: '梯度',
    optimizer: '优化器',
    activations: '激活',
    workspace: '工作区',
    batch: '批数据',
  },
  forecast: '预测',
  allocated: '实际分配',
  forecasting: '预测中……',
  forecastExact: '逐字节相等',
  fittedBy: (made, times) => `重新计算激活值（${made}）后可以放下，运算量变为 ${times} 倍`,
  forecastOff: (difference) => `相差 ${difference}`,
  forecastEmpty: '模型和数据就绪后显示预测。',
  memoryTableCaption: '各类内存：预测与实际分配',
  showTable: '以表格显示',

  lossTitle: '训练损失',
  validationTitle: '验证',
  validationEmpty: '尚未评估。',
  metricNames: {
    accuracy: '准确率',
    f1: 'F1',
    matthews: 'Matthews 系数',
    pearson: 'Pearson 系数',
    spearman: 'Spearman 系数',
    loss: '损失',
    perplexity: '困惑度',
    exactMatch: '完全匹配',
    tokenF1: '词元 F1',
    rouge1: 'ROUGE-1',
    rouge2: 'ROUGE-2',
    rougeL: 'ROUGE-L',
    bleu: 'BLEU',
    chrf: 'chrF 得分',
  },
  metric: '指标',
  smoothing: '平滑',
  step: '步',
  curvesEmpty: '训练开始后，曲线显示在这里。',
  curveLabel: (title, series) => `${title}随步数的变化。${series}`,
  curveLast: (name, value) => `${name}：${value}`,

  resultsTitle: '结果',
  resultsEmpty: '还没有结果。点击“开始”训练所有勾选的方法并在此对比。',
  columnMethod: '方法',
  judgedBy: (metric) => `按验证数据的${metric}评判`,
  atStep: (step) => `第 ${inChinese(step)} 步`,
  phaseNames: {
    waiting: '等待',
    running: '训练中',
    interrupted: '已中断',
    completed: '完成',
    stopped: '已停止',
    earlyStopped: '提前停止',
    nonFinite: '发散',
    deviceLost: '设备丢失',
    failed: '失败',
  },
  downloadAdapter: '适配器',
  downloadMetrics: '指标',
  downloadRecord: '记录',
  downloadModel: 'ONNX 模型',
  modelChecked: (difference) => `已用 onnxruntime 核对：最大相差 ${difference}。`,
  downloadOf: (what, method) => `${method}的${what}`,

  device,
  engine,
  advice,

  combine,
  drop,
  compare,
  byClass,
  takeAlong,
  race,
  verdict,
  written,
};
