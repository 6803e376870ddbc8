/** Texts of the model step, in Chinese. */
import type { Dictionary } from '../en.ts';

export const modelStep: Dictionary['modelStep'] = {
  builtinHelp: '内置模型，按参数量',
  builtin: {
    'bert-l3-h96': 'BERT，120 万',
    'bert-l4-h128': 'BERT，190 万',
    'bert-l4-h256': 'BERT，750 万',
    't5-l3-h64': 'T5，130 万',
    't5-l3-h128': 'T5，330 万',
    't5-l3-h256': 'T5，890 万',
  },
  writes: '可生成文本',
  hub: 'Hugging Face 上的模型',
  hubPlaceholder: 'owner/name 或 owner/name@revision',
  hubLoad: '加载',
  hubHelp: '含 ONNX 导出的仓库；下载后保存在此浏览器中。',
  endpoint: 'Hub 或镜像的地址',
  endpointMore: '使用其他地址',
  downloading: (file, loaded, total) => `${file}：${loaded} / ${total}`,
  cancel: '取消',
  inside: '模型内部',
  insideHelp:
    '相同的层折叠为一个。圆点：勾选的方法训练它的全部；圆环：训练其中一部分；方块：它保持不变，方法在它旁边添加张量。点选一种方法可单独查看。',
  touched: {
    whole: (runs) => `由 ${runs} 训练。`,
    part: (runs) => `${runs} 训练其中一部分。`,
    beside: (runs) => `保持冻结，${runs} 在旁边添加张量。`,
  },
  trainsTensors: (tensors) => `训练模型中的 ${tensors} 个张量`,
  addsTensors: (tensors, numbers) => `，新增 ${tensors} 个（${numbers} 个数）`,
  added: '新增：',
};
