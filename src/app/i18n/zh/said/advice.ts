/** Advice before and during: rates, what a look at the data says, pilots; in Chinese. */
import type { Table } from './table.ts';

export const advice = {
  given: '自定',
  'default for a pretrained encoder of width {0}': '宽度 {0} 的预训练编码器的默认值',
  'default for an untrained encoder of width {0}': '宽度 {0} 的未训练编码器的默认值',
  'default for a pretrained encoder-decoder of width {0}': '宽度 {0} 的预训练编码器-解码器的默认值',
  'default for an untrained encoder-decoder of width {0}': '宽度 {0} 的未训练编码器-解码器的默认值',
  "{0} of the tokens of these Chinese texts are unknown to this model's vocabulary, so it can hardly read them; choose a Chinese or multilingual model.":
    '这些中文文本里有 {0} 的词元不在该模型的词表里，模型几乎读不懂，请换一个中文或多语言模型。',
  "{0} of the tokens of these texts are unknown to this model's vocabulary, so it can hardly read them; choose a model of their language, or a multilingual one.":
    '这些文本里有 {0} 的词元不在该模型的词表里，模型几乎读不懂，请换一个该语言的模型或多语言模型。',
  "this model's vocabulary has no words for these texts and spells them out ({0} tokens a letter); a model of their language would learn more.":
    '该模型的词表里没有这些文本的词，只能逐个拼出（每个字符 {0} 个词元），换成该语言的模型能学到更多。',
  "{0} of the tokens are unknown to this model's vocabulary; a model of the texts' language would read more of them.":
    '有 {0} 的词元不在该模型的词表里，换成该语言的模型能读懂更多。',
  'the validation rows have classes that no training row has ({0}): no method can learn them; add rows of them to {1}.':
    '验证行里有训练行没有的类别（{0}），哪种方法都学不会，请在{1}里加入这些类别的行。',
  'the test rows have classes that no training row has ({0}): no method can learn them; add rows of them to {1}.':
    '测试行里有训练行没有的类别（{0}），哪种方法都学不会，请在{1}里加入这些类别的行。',
  'no validation row is of the class {0}, so scores say nothing about it; add such rows to {1}.':
    '没有一个验证行属于类别 {0}，得分无法反映这一类，请在{1}里加入这样的行。',
  'no test row is of the class {0}, so scores say nothing about it; add such rows to {1}.':
    '没有一个测试行属于类别 {0}，得分无法反映这一类，请在{1}里加入这样的行。',
  'validation rows that stand among the training rows too: {0} ({1}), such as line {2} on line {3}; they measure memory, not learning, so take them out of one of the two.':
    '同时出现在训练行里的验证行：{0} 行（{1}），例如第 {2} 行就是训练数据的第 {3} 行；这些行的得分反映的是记忆而不是学习，请从其中一边去掉。',
  'test rows that stand among the training rows too: {0} ({1}), such as line {2} on line {3}; they measure memory, not learning, so take them out of one of the two.':
    '同时出现在训练行里的测试行：{0} 行（{1}），例如第 {2} 行就是训练数据的第 {3} 行；这些行的得分反映的是记忆而不是学习，请从其中一边去掉。',
  'test rows that stand among the validation rows too: {0} ({1}), such as line {2} on line {3}; the step is chosen by them, so take them out of one of the two.':
    '同时出现在验证行里的测试行：{0} 行（{1}），例如第 {2} 行就是验证数据的第 {3} 行；步数正是由它们选的，请从其中一边去掉。',
  'training rows that repeat others: {0}, of them with another label {1}, such as line {2} after line {3}; decide which is right.':
    '重复的训练行：{0} 行，其中标签不同的 {1} 行，例如第 {2} 行重复第 {3} 行；请确定哪个标签正确。',
  'training rows that repeat others: {0} ({1}), such as line {2} after line {3}; leave them out, or they count twice.':
    '重复的训练行：{0} 行（{1}），例如第 {2} 行重复第 {3} 行；请去掉，否则会算两次。',
  '{0} of the training rows are longer than {1} tokens and are cut, and the model takes no more; shorten the texts.':
    '有 {0} 的训练行超过 {1} 个词元而被截断，模型也读不了更长的，请把文本缩短。',
  '{0} of the training rows are cut to {1} tokens; {2}, the most that the model takes, keeps more of them.':
    '有 {0} 的训练行被截断到 {1} 个词元；改成模型最多能读的 {2} 会保留更多。',
  '{0} of the training rows are cut to {1} tokens; {2} {3} keeps 95 % whole.':
    '有 {0} 的训练行被截断到 {1} 个词元；{2}设为 {3} 可让 95 % 的行保持完整。',
  'always answering {0} scores {1} accuracy: a method has learned something where it scores more.':
    '总是预测 {0} 的准确率是 {1}：得分高于它才算学到了东西。',
  'always answering {0} scores {1} accuracy ({2}, the largest class of the training rows, {3}): a method has learned something where it scores more.':
    '总是预测 {0} 的准确率是 {1}（总是预测训练数据中最大的类别 {2} 则为 {3}）：得分高于它才算学到了东西。',
  '{0} of the training rows are {1}: set {2} to "matthews", which gives nothing for always answering that.':
    '有 {0} 的训练行是 {1}：请把{2}设为 matthews，总是预测它得分为 0。',
  '{0} of the training rows are {1} and the rarest class has {2}: set {3} to "f1", in which all classes count alike.':
    '有 {0} 的训练行是 {1}，最少的类别只有 {2} 行：请把{3}设为 f1，各类别同等计算。',
  '{0} at the rate {1}': '{0}（学习率 {1}）',
  'Take {0}: it came out best, with {1} {2} after {3} steps (candidates tried: {4}).':
    '请用 {0}：它最好，{3} 步后 {1} 为 {2}（试过 {4} 个候选）。',
  'Take {0}: it was best, with {1} {2} after {3} steps, among what there was time for (candidates tried: {4}); more minutes would tell more.':
    '请用 {0}：在时间允许的候选里它最好，{3} 步后 {1} 为 {2}（试过 {4} 个候选）；时间更长结论会更可靠。',
  'Take {0}: with {1} {2} after {3} steps it is within a point of the best and needs less memory (candidates tried: {4}).':
    '请用 {0}：{3} 步后 {1} 为 {2}，与最好的相差不到一个百分点，而占用内存更少（试过 {4} 个候选）。',
  'Take {0}: with {1} {2} after {3} steps it is within {4} of the best and needs less memory (candidates tried: {5}).':
    '请用 {0}：{3} 步后 {1} 为 {2}，与最好的相差不到 {4}，而占用内存更少（试过 {5} 个候选）。',
  'It was scored on {0} validation rows, which do not tell a difference in {1} from noise; compare over several seeds before you rely on it.':
    '得分来自 {0} 个验证行，无法分辨{1}的差别是不是噪声；要据此下结论，请先用多个随机种子对比。',
  'It was scored on {0} validation rows, which leave its {1} anywhere from {2} to {3} (95 % interval).':
    '得分来自 {0} 个验证行，{1}的 95 % 区间为 {2} 到 {3}。',
  'No other candidate was trained for as long, so nothing tells how much better it is.':
    '没有别的候选训练得同样久，所以无法说它好多少。',
  '{0} scored the same (95 % interval of the difference {1} to {2}): so few rows cannot tell the two apart; compare them over several seeds before you rely on it.':
    '{0} 得分相同（差值的 95 % 区间为 {1} 到 {2}）：行数太少，分不出两者；要据此下结论，请先用多个随机种子对比。',
  '{0} scored {1} less (95 % interval {2} to {3}, p {4}): that is noise; compare the two over several seeds before you rely on it.':
    '{0} 低 {1}（95 % 区间 {2} 到 {3}，p {4}）：这只是噪声；要据此下结论，请先用多个随机种子对比这两者。',
  '{0} scored {1} more (95 % interval {2} to {3}, p {4}): that is noise; compare the two over several seeds before you rely on it.':
    '{0} 高 {1}（95 % 区间 {2} 到 {3}，p {4}）：这只是噪声；要据此下结论，请先用多个随机种子对比这两者。',
  '{0} scored {1} less (95 % interval {2} to {3}, p {4}): more than the noise of the rows, but each was trained once; several seeds would make it sure.':
    '{0} 低 {1}（95 % 区间 {2} 到 {3}，p {4}）：超出了这些行的噪声，但两者都只训练过一次，用多个随机种子才能确定。',
  '{0} scored {1} more (95 % interval {2} to {3}, p {4}): more than the noise of the rows, but each was trained once; several seeds would make it sure.':
    '{0} 高 {1}（95 % 区间 {2} 到 {3}，p {4}）：超出了这些行的噪声，但两者都只训练过一次，用多个随机种子才能确定。',
  'Nothing was shown to be learned: {0} only led the pilots, with {1} {2} after {3} steps, where one class for every row scores {4} (candidates tried: {5}).':
    '看不出学到了任何东西：{0} 只是在试跑中领先，{3} 步后 {1} 为 {2}，而每一行都预测同一个类别就有 {4}（试过 {5} 个候选）。',
  'Nothing was shown to be learned: {0} only led the pilots, with {1} {2} after {3} steps, which the best of {4} candidates reaches by luck too (p {5}).':
    '看不出学到了任何东西：{0} 只是在试跑中领先，{3} 步后 {1} 为 {2}，而 {4} 个候选中最好的凭运气也能达到（p {5}）。',
  'Look at the data first (labels, words that the model does not know), then train for more steps, give the pilots more minutes, or hold out more rows to judge by.':
    '请先检查数据（标签、模型不认识的词），再训练更多步、给试跑更多时间，或留出更多的行来评判。',
  'No method fits into {0} MiB; use a smaller batch or shorter texts, or allow more memory.':
    '{0} MiB 内放不下任何方法；请减小批大小或缩短文本，或允许使用更多内存。',
  'Stopped before the first pilot had ended.': '第一次试跑还没有结束就停止了。',
  'No pilot could be scored: all diverged or did not fit; give rates of your own, or more time.':
    '没有一次试跑能够评分：全部发散或放不下；请自定学习率，或给更多时间。',
  'Getting ready took {0} s, which is all of the time that was given; give more minutes.':
    '准备就用了 {0} 秒，给定的时间已经用完；请多给几分钟。',
  'The time was over before the first pilot had ended; give more minutes.':
    '第一次试跑还没有结束，时间就到了；请多给几分钟。',
} satisfies Table;
