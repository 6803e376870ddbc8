/** The verdict of a comparison, in Chinese. */
import type { Table } from './table.ts';

export const verdict = {
  "All learning rates are defaults: a difference may be the rate's rather than the method's.":
    '所有学习率都是默认值：差异可能来自学习率而不是方法。',
  'All learning rates are defaults.': '所有学习率都是默认值。',
  'No method is left to choose: the loss or gradient of {0} became infinite or undefined.':
    '没有可选的方法：{0} 的损失或梯度变成了无穷大或非数值（NaN）。',
  'Every method diverged with at least one seed: its loss or gradient became infinite or undefined.':
    '所有方法都至少在一个随机种子下发散：损失或梯度变成了无穷大或非数值（NaN）。',
  'Every method diverged: its loss or gradient became infinite or undefined.':
    '所有方法都发散了：损失或梯度变成了无穷大或非数值（NaN）。',
  'Lower the learning rates or lengthen the warm-up.': '请降低学习率或延长预热。',
  'No method learned: every one leaves a class out of its answers, and none is clearly better than what takes no training ({0}).':
    '没有方法学到东西：每种方法都从不预测某个类别，而且没有一种明显好于不训练就能得到的结果（{0}）。',
  'Look at the data first (labels, words that the model does not know), then give rare classes more weight, train longer or try other learning rates; nothing here is worth keeping.':
    '请先检查数据（标签、模型不认识的词），再给稀少的类别更大的权重、训练更久，或换用其他学习率；这里没有值得保留的结果。',
  'Look at the data first (labels, words that the model does not know), then give rare classes more weight, get more rows or try other learning rates; nothing here is worth keeping yet.':
    '请先检查数据（标签、模型不认识的词），再给稀少的类别更大的权重、增加数据，或换用其他学习率；这里还没有值得保留的结果。',
  '{0} learned: {1}, clearly better than what takes no training ({2}).':
    '{0} 学到了东西：{1}，明显好于不训练就能得到的结果（{2}）。',
  'Take {0}: {1}, {2} better than {3} and ahead of every other method (p at most {4} for each, over {5} rows).':
    '建议用 {0}：{1}，比 {3} 好 {2}，并领先其他所有方法（{5} 行上，对每一种的 p 都不超过 {4}）。',
  'Take {0}: {1}, {2} better than {3} (p {4} over {5} rows).':
    '建议用 {0}：{1}，比 {3} 好 {2}（{5} 行上的 p 为 {4}）。',
  'Take {0}: {1}, {2} better than {3} and ahead of every other method (p at most {4} for each, over {5} seeds).':
    '建议用 {0}：{1}，比 {3} 好 {2}，并领先其他所有方法（{5} 个随机种子，对每一种的 p 都不超过 {4}）。',
  'Take {0}: {1}, {2} better than {3} (p {4} over {5} seeds).':
    '建议用 {0}：{1}，比 {3} 好 {2}（{5} 个随机种子的 p 为 {4}）。',
  'Take {0}: {1}, the best score, and no method that may be as good needs less memory.':
    '建议用 {0}：{1}，得分最高；其他可能同样好的方法也不比它省内存。',
  'Take {0}: {1}, the best score of those that learned, and no method that may be as good needs less memory.':
    '建议用 {0}：{1}，在学到东西的方法中得分最高；其他可能同样好的方法也不比它省内存。',
  'Take {0}: {1}, {2} behind {3}, which {4} rows cannot tell from zero, at {5} of its memory and {6} of its trained parameters.':
    '建议用 {0}：{1}，比 {3} 低 {2}，但凭 {4} 行数据看不出这个差距是否真的存在；内存只需后者的 {5}，训练参数只需后者的 {6}。',
  'Take {0}: {1}, {2} behind {3}, which {4} seeds cannot tell from zero, at {5} of its memory and {6} of its trained parameters.':
    '建议用 {0}：{1}，比 {3} 低 {2}，但凭 {4} 个随机种子看不出这个差距是否真的存在；内存只需后者的 {5}，训练参数只需后者的 {6}。',
  'Too close to call: {0} scores best ({1}), {2} ahead of {3}, which needs less memory and may be as good.':
    '难分高下：{0} 得分最高（{1}），领先 {3} {2}，而后者更省内存，也可能同样好。',
  'Too close to call: of those that learned {0} scores best ({1}), {2} ahead of {3}, which needs less memory and may be as good.':
    '难分高下：在学到东西的方法中 {0} 得分最高（{1}），领先 {3} {2}，而后者更省内存，也可能同样好。',
  'Too close to call: of those that learned {0} scores best ({1}), but {2}, which needs less memory, may be as good.':
    '难分高下：在学到东西的方法中 {0} 得分最高（{1}），但更省内存的 {2} 也可能同样好。',
  'Probably {0}: {1}, with each of {2} seeds ahead of {3}, the nearest that needs less memory, by {4} in the mean; so few cannot rule out chance.':
    '很可能是 {0}：{1}，{2} 个随机种子下都领先 {3}（更省内存的方法中与它最接近的），平均领先 {4}；但种子太少，不能排除偶然。',
  '{0} could not be trained to its end and is left out of the choice.': '{0} 未能训练到底，不参与选择。',
  '{0} could not be trained to their end and are left out of the choice.': '{0} 未能训练到底，不参与选择。',
  'Twenty seeds would not tell a difference of that size: take {0} if memory counts.':
    '这样大小的差异用二十个随机种子也分辨不出：若在意内存，可用 {0}。',
  'About {0} seeds would tell a difference of that size.': '大约 {0} 个随机种子就能分辨这样大小的差异。',
  'About {0} seeds would tell a difference of that size, by more rows than these {1}, which do not show it.':
    '大约 {0} 个随机种子就能分辨这样大小的差异，但用来评判的行也要更多：这 {1} 行看不出它。',
  'One seed does not say how many would tell: {0} are the fewest that can.':
    '只有一个随机种子，看不出要多少个才能分辨：最少要 {0} 个。',
  "The p of the table are Holm's, of {0} differences to {1} at once: the smallest that {2} seeds can give is {3}; {4} can give one below {5}.":
    '表中的 p 经 Holm 校正，因为同时比较与 {1} 的 {0} 个差：{2} 个随机种子能给出的最小值是 {3}，{4} 个才能给出低于 {5} 的值。',
  'No method came to its end with every seed, so there is nothing to judge.':
    '没有一种方法在所有随机种子下都训练到底，因此无法评判。',
  'Stopped before the trained weights were scored, so there is nothing to judge.':
    '还没给训练好的权重评分就停止了，因此无法评判。',
  'No run came to its end, so there is nothing to judge.': '没有一次训练正常结束，因此无法评判。',
  'No run was scored on rows that it was not trained on: hold some out to validate or to test.':
    '没有在训练之外的数据上评过分：请留出一部分用于验证或测试。',
  'No method learned: none is clearly better than what takes no training ({0}).':
    '没有方法学到东西：没有一种明显好于不训练就能得到的结果（{0}）。',
  'Longer training would not help: get more rows, or look at the labels; nothing here is worth keeping.':
    '训练更久也没有用：请增加数据，或检查标签；这里没有值得保留的结果。',
  'It takes {0} of memory and {1} s a run; {2} takes {3} and {4} s.':
    '它每次训练占用内存 {0}、用时 {1} 秒；{2} 为 {3}、{4} 秒。',
  'Get more rows, or look at the labels; nothing here is worth keeping yet.':
    '请增加数据，或检查标签；这里还没有值得保留的结果。',
  'Every method was still getting better on validation at its last step: train longer; nothing here is worth keeping yet.':
    '在最后一步，所有方法的验证得分都仍在提高：请训练更久；这里还没有值得保留的结果。',
  'Still improving on validation at the last step: {0}; train longer; nothing here is worth keeping yet.':
    '在最后一步，验证得分仍在提高：{0}；请训练更久；这里还没有值得保留的结果。',
  'Look at the data first (labels, words that the model does not know), then train longer or try other learning rates; nothing here is worth keeping.':
    '请先检查数据（标签、模型不认识的词），再训练更久或换用其他学习率；这里没有值得保留的结果。',
  'always the mean: {0}': '总是预测平均值：{0}',
  'always the largest class: {0}': '总是预测最大的类别：{0}',
  '{0}, and {1}': '{0}，{1}',
  'the untuned model: {0}': '未微调的模型：{0}',
  'unknown here': '这里未知',
  'With one seed only the rows are compared: another seed may say otherwise.':
    '只有一个随机种子，只能逐行比较：换一个种子，结论可能不同。',
  'With one seed and this metric nothing tells a difference from chance; six seeds can.':
    '只有一个随机种子时，这个指标无法判断差异是否只是偶然；六个种子可以。',
  'The {0} was measured on the validation rows, which also chose the step: it is optimistic, and with one seed nothing tells a difference from chance.':
    '{0} 在验证集上测得，而保留哪一步也由验证集选定，因此偏乐观；而且只有一个随机种子，无法判断差异是否只是偶然。',
  '{0} seeds are an indication: the smallest p they can give is {1}.':
    '{0} 个随机种子只能算初步迹象：它们能给出的最小 p 是 {1}。',
  '{0} seeds are an indication: the smallest p they can give is {1}; six can name a winner.':
    '{0} 个随机种子只能算初步迹象：它们能给出的最小 p 是 {1}；六个才能断定谁胜出。',
  'The {0} was measured on the validation rows, which also chose the step: it is optimistic.':
    '{0} 在验证集上测得，而保留哪一步也由验证集选定，因此偏乐观。',
  'The {0} was measured on the validation rows, which also chose the step: it is optimistic, and another seed may say otherwise.':
    '{0} 在验证集上测得，而保留哪一步也由验证集选定，因此偏乐观；换一个随机种子，结论还可能不同。',
  'The {0} was measured on the validation rows, which also chose the step: it is optimistic, and {1} seeds are an indication (their smallest p is {2}).':
    '{0} 在验证集上测得，而保留哪一步也由验证集选定，因此偏乐观；而且 {1} 个随机种子只能算初步迹象（最小的 p 是 {2}）。',
  '{0} diverged and is left out of the choice; lower its learning rate.':
    '{0} 发散了，不参与选择；请降低它的学习率。',
  '{0} diverged and are left out of the choice; lower their learning rates.':
    '{0} 发散了，不参与选择；请降低它们的学习率。',
  'the test set': '测试集',
  validation: '验证集',
  'Every method knows its training rows by heart: it scores far better on them than on {0}.':
    '所有方法都在死记训练数据：它们在训练数据上的得分远高于{0}。',
  '{0} knows its training rows by heart: it scores far better on them than on {1}.':
    '{0} 在死记训练数据：它在训练数据上的得分远高于{1}。',
  '{0} know their training rows by heart: they score far better on them than on {1}.':
    '{0} 在死记训练数据：它们在训练数据上的得分远高于{1}。',
  'Every method leaves a class that is there out of its answers.': '每种方法都从不预测数据中的某个类别。',
  '{0} never answers a class that is there.': '{0} 从不预测数据中的某个类别。',
  '{0} never answer a class that is there.': '{0} 从不预测数据中的某个类别。',
  'No method ever answers {0} ({1} of the {2} rows).': '没有方法预测过 {0}（{2} 行中有 {1} 行）。',
  '{0} never answers {1} ({2} of the {3} rows).': '{0} 从不预测 {1}（{3} 行中有 {2} 行）。',
  '{0} never answer {1} ({2} of the {3} rows).': '{0} 从不预测 {1}（{3} 行中有 {2} 行）。',
  'Every method was still getting better on validation at its last step: train longer.':
    '在最后一步，所有方法的验证得分都仍在提高：请训练更久。',
  'one class for every row: {0} at best, {1} with the largest of the training rows':
    '每一行都预测同一个类别：最多 {0}，预测训练数据中最大的类别则为 {1}',
  'Still improving on validation at the last step: {0}; train longer.':
    '在最后一步，验证得分仍在提高：{0}；请训练更久。',
  '{0} on the test set': '测试集 {0}',
  '{0} on validation': '验证集 {0}',
  '{0} points': '{0} 个百分点',
  'always the largest class': '总是预测最大的类别',
  'always the mean': '总是预测平均值',
  'the untuned model': '未微调的模型',
  Method: '方法',
  Seeds: '随机种子',
  'Test {0}, mean and 95 % interval': '测试 {0}：均值与 95 % 区间',
  'Validation {0}, mean and 95 % interval': '验证 {0}：均值与 95 % 区间',
  'Difference to {0} and its 95 % interval': '与 {0} 的差及其 95 % 区间',
  'Difference to {0} and its 95 % interval, in points': '与 {0} 的差及其 95 % 区间（百分点）',
  'Training less this score, in points': '训练得分减去此得分（百分点）',
  'p, after Holm': 'p（经 Holm 校正）',
  'Training less this score': '训练得分减去此得分',
  'Trained parameters': '训练参数',
  Memory: '内存',
  'Time of a run': '一次训练的时间',
  Adapter: '适配器',
  '(lost: {0})': '（未完成：{0}）',
  'least {0}': '最小 {0}',
  'forecast {0} s': '预测 {0} s',
  'Test {0} by method': '各方法的测试 {0}',
  'Validation {0} by method': '各方法的验证 {0}',
  'Validation {0}': '验证 {0}',
  'Training loss': '训练损失',
  step: '步数',
  'Curves of single seeds': '单个随机种子的曲线',
  'Task {0}': '任务 {0}',
  'Mean of the tasks': '各任务的平均',
  'How this was measured': '如何测量',
  "A method's interval is Student's over seeds; with one seed it is that of the rows.":
    '方法的区间是各随机种子上的 Student 区间；只有一个种子时是数据行的区间。',
  "Differences are paired by seed: their interval is the BCa bootstrap's, p that of the exact sign-flip test, after Holm's correction; with one seed the rows are compared.":
    '差按随机种子配对：区间用 BCa 自助法得出，p 来自精确符号翻转检验并经 Holm 校正；只有一个种子时比较的是数据行。',
  'Bands of curves are 95 % intervals, no wider than the seeds are apart.':
    '曲线的色带是 95 % 区间，且不宽于各随机种子之间的差距。',
  "Memory is what the studio's own allocator holds on the device, weights shared between runs included in each; time is each run's own on the device.":
    '内存是本工具在设备上占用的量，各次训练共享的权重分别计入；时间是每次训练自身在设备上的用时。',
  'Model: {0}; data: {1}.': '模型：{0}；数据：{1}。',
  'Ran on {0} ({1}, Delta Studio {2}), {3}.': '运行于 {0}（{1}，Delta Studio {2}），{3}。',
  'More seeds would not tell: {0} rows are too few to show such a difference; judge by more rows.':
    '增加种子也分辨不出：{0} 行太少，看不出这样的差别；请用更多的行来评判。',
  'Rows that judge: {0}. With fewer than {1} nothing can be shown, whatever they say: judge by more rows.':
    '用来评判的只有 {0} 行。少于 {1} 行时，无论结果如何都说明不了什么：请用更多的行来评判。',
  'Only {0} rows judge, which leaves every score uncertain.': '只有 {0} 行用来评判，因此每个得分都不确定。',
  'Only {0} rows judge: an accuracy of them is known to {1} at best.':
    '只有 {0} 行用来评判：由它们得出的准确率，误差至少有 ±{1}。',
  'So few rows can hardly show that anything was learned: hold out more to judge by.':
    '这么少的行很难显示学到了什么：请留出更多的行来评判。',
} satisfies Table;
