/** 拖入页面的文件的文字。 */
import { inChinese } from '../count.ts';
import type { Dictionary } from '../en.ts';

export const drop: Dictionary['drop'] = {
  title: '拖入的文件',
  here: '数据、模型、运行配置或已保存的运行，拖到页面任何位置都可以',
  close: '关闭',
  partOf: (path) => `${path} 用作`,
  notUsed: '不使用',
  more: (count) => `另有 ${inChinese(count)} 个`,
  uses: {
    training: '训练数据',
    validation: '验证数据',
    test: '测试数据',
    model: '模型的一部分',
    settings: '用来填写表单',
    runs: '已保存的运行，放入历史',
    leftOut: '未使用',
    anotherTable: '未使用：训练数据已来自另一个文件',
    noModelFile: '未使用：模型还需要旁边的 .onnx 文件',
    notOnnx: '未使用：权重要从 ONNX 导出文件读取',
    adapter: '此处未使用：请在相应方法的选项中“从已保存的适配器开始”处选择',
    busy: '未接收：对比正在运行',
    unknown: '未使用：这里不读取这类文件',
  },
};
