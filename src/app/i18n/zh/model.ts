/** Texts of the model step, in Chinese. */
import type { Dictionary } from '../en.ts';

export const modelStep: Dictionary['modelStep'] = {
  hub: 'Hugging Face 上的模型',
  hubPlaceholder: 'owner/name 或 owner/name@revision',
  hubLoad: '加载',
  hubHelp: '含 ONNX 导出的仓库；下载后保存在此浏览器中。',
  endpoint: 'Hub 或镜像的地址',
  endpointMore: '使用其他地址',
  downloading: (file, loaded, total) => `${file}：${loaded} / ${total}`,
  cancel: '取消',
  inside: '模型内部',
  insideHelp: '相同的层折叠为一个。圆点表示勾选的方法会训练它，圆环表示训练其中一部分。',
  trainedBy: (runs) => `由 ${runs} 训练`,
};
