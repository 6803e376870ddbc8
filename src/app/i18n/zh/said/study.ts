/** What a study says of its experiments and results, in Chinese. */
import type { Table } from './table.ts';

export const study = {
  '{0}: this experiment puts texts into a template, and {1} or {2} is missing; add both, or leave the template out with "study": {{"templates": [false]}}':
    '{0}：这项实验要把文本放进模板，但缺少 {1} 或 {2}，请两者都给出，或用 "study": {{"templates": [false]}} 不用模板',
  '{0}: nothing is held out to score with; give {1}, or {2} with {3} above 0':
    '{0}：没有留出用来评分的数据，请给出 {1}，或给出 {2} 并让 {3} 大于 0',
  '{0}: this experiment follows the score as training goes; give {1} and set {2} above 0':
    '{0}：这项实验要跟踪训练过程中的得分，请给出 {1}，并让 {2} 大于 0',
  'a list of integers from {0}': '不小于 {0} 的整数列表',
  'a list of numbers of rows a class; null is all rows': '每类行数的列表，null 表示全部行',
  'a list of true and false': '由 true 和 false 组成的列表',
  'a list of data sets such as ["builtin:NAME"]': '数据集列表，例如 ["builtin:名称"]',
  'an object such as {{"models": [...], "datasets": [...]}}':
    '一个对象，例如 {{"models": [...], "datasets": [...]}}',
  'an object such as {{"batchSize": 8}}': '一个对象，例如 {{"batchSize": 8}}',
  'it as an entry of {0}': '放在 {0} 的一项里',
  'a list of models such as ["builtin:bert-l4-h128"]': '模型列表，例如 ["builtin:bert-l4-h128"]',
  'a model such as {{"source": "builtin:bert-l4-h128"}}': '模型，例如 {{"source": "builtin:bert-l4-h128"}}',
  '"builtin:NAME", "hub:owner/name", or an object such as {{"train": "train.tsv"}}':
    '“builtin:名称”、“hub:所有者/名称”，或对象，例如 {{"train": "train.tsv"}}',
  'data such as {{"train": "train.tsv"}}': '数据，例如 {{"train": "train.tsv"}}',
  'the training failed': '训练失败',
  'it came to nothing': '没有得到结果',
  '{0} on {1}': '{1} 上的 {0}',
  '{0} holds the same rows as {1} and is read in the same way: the two count as one data set, {2}.':
    '{0} 的行与 {1} 相同，读法也相同：两者算作一个数据集 {2}。',
  '{0} holds the same weights and words as {1}: the two count as one model, {2}.':
    '{0} 的权重和词表与 {1} 相同：两者算作一个模型 {2}。',
  '{0} is {1} with the same options: the two count as one method, {2}.':
    '{0} 就是选项相同的 {1}：两者算作一种方法 {2}。',
  '1 cell is missing.': '还缺 1 个单元。',
  '{0} cells are missing.': '还缺 {0} 个单元。',
  'all rows': '全部行',
  '{0} rows a class': '每类 {0} 行',
  '{0}, template': '{0}，用模板',
  '{0}, no template': '{0}，不用模板',
  'Test score of each combination': '各组合的测试得分',
  'Validation score of each combination': '各组合的验证得分',
  "Means over tasks and seeds, with Student's 95 % interval over seeds; none is the model as it came.":
    '对任务和种子取平均，附各种子间的学生 t 95 % 区间；“无”是未经训练的原模型。',
  Combination: '组合',
  template: '模板',
  'What adding each one does': '各自加入后的效果',
  "Mean difference between runs that differ in nothing else, over every combination; of methods, to sets that have another already. Student's 95 % interval over seeds.":
    '除此之外完全相同的运行之间的平均差，对所有组合取平均；对方法而言，是加入到已有其他方法的组合中。附各种子间的学生 t 95 % 区间。',
  Added: '加入',
  'Combinations: {0}': '组合：{0}',
  'Adding {0} helps: {1} on average.': '加入 {0} 有益：平均 {1}。',
  'Adding {0} harms: {1} on average.': '加入 {0} 有害：平均 {1}。',
  'Adding {0} changes the score by {1} on average; one seed cannot tell whether that is chance.':
    '加入 {0} 平均使得分变化 {1}；单个种子无法判断这是否出于偶然。',
  'Adding {0} makes no difference beyond chance: {1} on average.': '加入 {0} 的差别不超出偶然：平均 {1}。',
  'Untuned, the model scores {0} without and {1} with a template.':
    '不训练时，模型不用模板得 {0}，用模板得 {1}。',
  'Does it help to combine prompt tuning, BitFit and adapters, and to put texts into a template?':
    '把提示微调、BitFit 和适配器组合起来，以及把文本放进模板，有没有帮助？',
  'Adding an adapter almost always helps and adding a prompt harms; BitFit helps on most backgrounds. Templates help where nothing or little is trained: 23.7 without and 43.4 with one, untuned, on average over eight tasks.':
    '加入适配器几乎总有益，加入提示则有害；BitFit 在多数情形下有益。模板在不训练或训练很少时有益：八个任务平均，不训练时不用模板为 23.7，用模板为 43.4。',
  'Validation {0} against steps': '验证 {0} 随步数的变化',
  'tokens trained on': '训练过的词元',
  'Validation {0} against tokens': '验证 {0} 随词元数的变化',
  'seconds of training': '训练秒数',
  'Validation {0} against time': '验证 {0} 随时间的变化',
  'Until 95 % of the final {0}': '达到最终 {0} 的 95 % 为止',
  'The first time that the validation score is 95 % of its last one, on the straight line between two evaluations; means over the runs that do not begin there.':
    '验证得分首次达到其最后值的 95 % 的时刻，两次评估之间按直线计算；对一开始尚未达到的各次运行取平均。',
  '{0} ({1} of {2})': '{0}（{2} 次中的 {1} 次）',
  'Left out, since they begin within 5 % of where they end, runs of {0}.':
    '不计入，因为一开始就已在其终点的 5 % 以内的运行：{0}。',
  Steps: '步数',
  Tokens: '词元',
  Seconds: '秒',
  'Milliseconds a step': '每步毫秒',
  'Final {0}': '最终 {0}',
  'Means over tasks; bands are 95 % intervals over seeds, no wider than the seeds are apart.':
    '对任务取平均；色带是各种子间的 95 % 区间，不宽于种子间的差距。',
  'Steps to 95 % of the final {0}, fewest first: {1}.': '达到最终 {0} 的 95 % 所需步数，由少到多：{1}。',
  'Seconds to the same: {0}.': '所需秒数：{0}。',
  Convergence: '收敛',
  'How many steps, tokens and seconds does each method need?': '每种方法需要多少步、多少词元、多少秒？',
  'Full fine-tuning converges first, then adapters and LoRA about alike, then prefix tuning; prompt tuning is far behind. By the clock the deltas make up ground, since their steps are shorter.':
    '全量微调收敛最快，适配器与 LoRA 相近居次，然后是前缀微调；提示微调远远落后。按时间看，各种增量方法的差距缩小，因为它们每步更短。',
  'Training score less the score held out': '训练得分减去留出数据的得分',
  '{0} marks runs whose texts stand in a template. Means over tasks and seeds; the training score is that of up to {1} training rows.':
    '{0} 表示文本放进了模板。对任务和种子取平均；训练得分取自至多 {1} 行训练数据。',
  'Training score': '训练得分',
  'Test score': '测试得分',
  'Validation score': '验证得分',
  Gap: '差距',
  'Gap by method': '各方法的差距',
  'Gaps, least first: {0}.': '差距从小到大：{0}。',
  'On average single deltas have a gap of {0}, combined ones of {1}':
    '平均而言，单一增量方法的差距为 {0}，组合的为 {1}',
  '{0}: combining raises it.': '{0}：组合使差距上升。',
  '{0}: combining lowers it.': '{0}：组合使差距下降。',
  '{0}; the two cannot be told apart.': '{0}；两者无法区分。',
  'Generalisation gap': '泛化差距',
  'Which methods fit what they were trained on better than what they were not?':
    '哪些方法对训练过的数据拟合得比没训练过的更好？',
  'Every single delta has a smaller gap than full fine-tuning, prompt tuning the smallest; combining raises it up to that of full fine-tuning; templates change nothing.':
    '每种单一增量方法的差距都小于全量微调，提示微调最小；组合会使差距上升，直到与全量微调相当；模板没有影响。',
  'frozen weights': '冻结的权重',
  'trained weights': '训练的权重',
  gradients: '梯度',
  optimizer: '优化器',
  activations: '激活',
  workspace: '工作区',
  batch: '批次',
  'Memory of a training step of {0}': '{0} 一步训练的内存',
  'batch {0}': '批大小 {0}',
  "Memory of {0}, and what is saved of full fine-tuning's": '{0} 的内存，以及相对全量微调节省的份额',
  saved: '节省',
  "{0} saves of full fine-tuning's memory, by batch size: {1}.":
    '{0} 相对全量微调节省的内存，按批大小：{1}。',
  'How much memory does each method take, and of what kind, as batches and models grow?':
    '随着批次和模型变大，每种方法占用多少内存，又用在何处？',
  'Up to three quarters of the memory of full fine-tuning are saved at batch sizes 1 and 8, and at least a third at 64, where activations weigh more.':
    '批大小为 1 和 8 时，最多节省全量微调四分之三的内存；为 64 时激活占比更大，仍至少节省三分之一。',
  'Test scores by method and task': '各方法在各任务上的测试得分',
  'Validation scores by method and task': '各方法在各任务上的验证得分',
  "Means over seeds, with Student's 95 % interval. Ranks: 1 is best; a task counts once. Means and ranks over tasks are of those that every method has.":
    '对种子取平均，附学生 t 95 % 区间。名次：1 为最好，每个任务算一次。跨任务的平均和名次只算每种方法都有结果的任务。',
  'Mean over tasks': '任务平均',
  'Mean rank': '平均名次',
  'Difference to {0}': '与 {0} 的差',
  "Pairs share a seed. BCa bootstrap interval; p of the exact sign-flip test, after Holm's correction.":
    '按种子配对。BCa 自助法区间；p 取自精确符号翻转检验，经 Holm 校正。',
  "Pairs share a task, each the mean over its seeds. BCa bootstrap interval; p of the exact sign-flip test, after Holm's correction.":
    '按任务配对，每个任务取各种子的平均。BCa 自助法区间；p 取自精确符号翻转检验，经 Holm 校正。',
  'Difference and 95 % interval': '差及 95 % 区间',
  p: 'p',
  'Least possible p': '可能的最小 p',
  Pairs: '配对数',
  'Mean over tasks, by method': '各方法的任务平均',
  'Mean ranks over {0} tasks': '{0} 个任务上的平均名次',
  "A bar joins methods that Nemenyi's test cannot tell apart at 5 %: ranks nearer than {0}.":
    '横条连接 Nemenyi 检验在 5 % 水平上无法区分的方法：名次相差小于 {0}。',
  'Best first, by mean rank: {0}.': '按平均名次由好到差：{0}。',
  'One task cannot tell which method is better on average; give several data sets.':
    '单个任务说明不了哪种方法平均更好，请给出多个数据集。',
  "The methods differ (Friedman's test, p {0} over {1} tasks).":
    '各方法确有差别（Friedman 检验，{1} 个任务，p {0}）。',
  "The methods cannot be told apart (Friedman's test, p {0} over {1} tasks).":
    '还不足以区分各方法（Friedman 检验，{1} 个任务，p {0}）。',
  '{0} before {1}': '{0} 先于 {1}',
  "The order is the study's.": '顺序与研究一致。',
  "Nothing here contradicts the study's order beyond chance.": '没有超出偶然的结果与研究的顺序相矛盾。',
  "Beyond chance it contradicts the study's order: {0}.": '超出偶然地与研究的顺序相矛盾：{0}。',
  Performance: '性能',
  'Is any way of tuning better than another over many tasks, and does the count of trained parameters decide?':
    '在许多任务上，是否有哪种微调方式更好？训练参数的数量是否起决定作用？',
  'Over a hundred tasks: full fine-tuning, then LoRA, adapters, prefix tuning and prompt tuning on average. The count of parameters does not decide: prefix tuning trained the most of the four and came fourth.':
    '在一百多个任务上，平均依次为：全量微调、LoRA、适配器、前缀微调、提示微调。参数数量不起决定作用：四种增量方法中前缀微调训练的参数最多，却排在第四。',
  parameters: '参数',
  'Score against the size of the model': '得分随模型大小的变化',
  'Bands are 95 % intervals over seeds.': '色带是各种子间的 95 % 区间。',
  'Steps to 95 % of the final score against the size of the model':
    '达到最终得分 95 % 所需步数随模型大小的变化',
  steps: '步',
  'Score, speed and memory by size': '各大小的得分、速度与内存',
  Model: '模型',
  'Mean score': '平均得分',
  'Steps to 95 %': '到 95 % 的步数',
  Trained: '训练占比',
  'One size of model shows no trend; give several under "models", of one family.':
    '单一大小的模型看不出趋势，请在 "models" 中给出同一系列的多个。',
  'From {0} to {1}: {2}.': '从 {0} 到 {1}：{2}。',
  'All methods together are better with {0} beyond chance (by {1}).':
    '所有方法合起来，用 {0} 更好，超出偶然（{1}）。',
  'All methods together are worse with {0} beyond chance (by {1}).':
    '所有方法合起来，用 {0} 更差，超出偶然（{1}）。',
  'Whether all methods together are better with {0} cannot be told (by {1} in the mean).':
    '所有方法合起来，用 {0} 是否更好，看不出来（平均 {1}）。',
  'Better with {0} than with {1} beyond chance: {2}.': '用 {0} 比用 {1} 更好，超出偶然：{2}。',
  'Worse with {0} than with {1} beyond chance: {2}.': '用 {0} 比用 {1} 更差，超出偶然：{2}。',
  'Not told apart between the two: {0}.': '两者之间无法区分：{0}。',
  'Sooner at 95 % of the end with {0} beyond chance: {1}.': '用 {0} 更早达到终值的 95 %，超出偶然：{1}。',
  'Later at 95 % of the end with {0} beyond chance: {1}.': '用 {0} 更晚达到终值的 95 %，超出偶然：{1}。',
  'Of no method it can be told whether it is sooner at 95 % of its end in the larger model.':
    '看不出任何一种方法在更大的模型上是否更早达到终值的 95 %。',
  'Distance of {0} from full fine-tuning: {1}.': '{0}与全量微调的差距：{1}。',
  '{0} with {1}': '{1} 上 {0}',
  '{0} with {1} (beyond chance)': '{1} 上 {0}（超出偶然）',
  '{0} with {1} (within chance)': '{1} 上 {0}（在偶然之内）',
  'Prompt tuning catches up with full fine-tuning as the model grows (by {0}).':
    '模型变大时，提示微调追近全量微调（{0}）。',
  'Prompt tuning falls further behind full fine-tuning as the model grows (by {0}).':
    '模型变大时，提示微调比全量微调落后得更多（{0}）。',
  'Whether prompt tuning catches up with full fine-tuning as the model grows cannot be told (by {0} in the mean).':
    '模型变大时，提示微调是否追近全量微调，看不出来（平均 {0}）。',
  Scale: '规模',
  'What becomes of the methods as the model grows?': '模型变大时，各种方法会怎样？',
  'The larger the model, the faster and better all methods are; prompt tuning catches up, and modules drawn at random do well in the largest, while training the last layer alone is a poor choice at every size.':
    '模型越大，所有方法都越快越好；提示微调追近，随机选取的模块在最大的模型上表现良好，而只训练最后一层在各种大小上都不是好选择。',
  'rank, bottleneck or length': '秩、瓶颈或长度',
  'Score and convergence by size': '各大小的得分与收敛',
  Size: '大小',
  "Score against a method's size": '得分随方法大小的变化',
  'Rank of LoRA, bottleneck of adapters, virtual tokens of prefix and prompt; bands are 95 % intervals over seeds.':
    'LoRA 的秩、适配器的瓶颈、前缀与提示的虚拟词元数；色带是各种子间的 95 % 区间。',
  "Steps to 95 % of the final score against a method's size": '达到最终得分 95 % 所需步数随方法大小的变化',
  'From worst to best size: {0}.': '从最差到最好的大小：{0}。',
  'The best sizes of methods lie further apart ({0}) than the sizes of any one method ({1}): structure decides.':
    '各方法最好的大小之间相差（{0}）大于任一方法各大小之间的差（{1}）：结构起决定作用。',
  'Sizes of one method lie further apart (up to {0}) than the best sizes of methods ({1}): size matters here.':
    '同一方法各大小之间相差（最多 {0}）大于各方法最好的大小之间的差（{1}）：大小在这里有影响。',
  'Which lie further apart cannot be told: the best sizes of methods ({0}), or the sizes of one method (up to {1}).':
    '看不出哪个差得更多：各方法最好的大小之间（{0}），还是同一方法各大小之间（至多 {1}）。',
  Sensitivity: '敏感性',
  "Does a method's size (rank, bottleneck, length) change what it reaches and how fast?":
    '方法的大小（秩、瓶颈、长度）会不会改变它达到的得分和速度？',
  'Within a method its size hardly matters; the structure of the method decides.':
    '同一方法内大小几乎没有影响，起决定作用的是方法的结构。',
  'Score after each stage': '每个阶段之后的得分',
  "Best validation score of each stage, and the final score of the set that is judged; means with Student's 95 % interval.":
    '每个阶段的最好验证得分，以及评判所用数据的最终得分；取平均，附学生 t 95 % 区间。',
  Order: '顺序',
  'Stage {0}': '阶段 {0}',
  Test: '测试',
  Validation: '验证',
  'Final score by order': '各顺序的最终得分',
  'Best: {0} ({1}); worst: {2} ({3}).': '最好：{0}（{1}）；最差：{2}（{3}）。',
  "The orders differ beyond chance (Friedman's test over tasks).":
    '各顺序的差别超出偶然（对任务的 Friedman 检验）。',
  "No order is best beyond chance (Friedman's test over tasks).":
    '没有哪种顺序超出偶然地更好（对任务的 Friedman 检验）。',
  'The intervals of the best and the worst order overlap: no order is best beyond chance.':
    '最好与最差顺序的区间重叠：没有哪种顺序超出偶然地更好。',
  'The intervals of the best and the worst order do not overlap.': '最好与最差顺序的区间不重叠。',
  Sequence: '先后顺序',
  'Trained one after the other, does the order of methods matter?': '各方法先后训练时，顺序有影响吗？',
  'No order is best: it varies with the task, and later stages do not always gain.':
    '没有哪种顺序最好：随任务而变，后面的阶段也不总有提升。',
  'All methods of a task see the same rows in the same order with the same seed and the same fresh head; sets that are judged are scored once, with the weights of the best validation score.':
    '同一任务的各方法以同样的顺序看到同样的行，种子与新建的分类头也相同；评判所用的数据只评分一次，用验证得分最好时的权重。',
  'The study beside it: Ding et al., Parameter-efficient fine-tuning of large-scale pre-trained language models, Nature Machine Intelligence 5 (2023), with models up to eleven billion parameters; these are other models and tasks, so agreement supports it and disagreement does not refute it.':
    '作为对照的研究：Ding 等，Parameter-efficient fine-tuning of large-scale pre-trained language models，Nature Machine Intelligence 5（2023），所用模型大至一百一十亿参数；这里的模型和任务不同，一致可作支持，不一致并不构成否定。',
  '{0} cells.': '{0} 个单元。',
  '{0} of {1} cells so far; run the study again to go on.':
    '目前完成 {1} 个单元中的 {0} 个，再次运行研究即可继续。',
  'Your runs': '你的运行',
  'Nothing can be said yet.': '目前还得不出结论。',
  'The study found': '研究的结论',
  'Cells that came to nothing': '没有得到结果的单元',
  '{0} has numbers for labels, and a delta that is passed on between tasks needs words; leave it out':
    '{0} 的标签是数值，而在任务间传递增量需要文字标签，请去掉它',
  '{0} has a head of its own for its labels, so no other task\'s delta fits there; give "template" and "verbalizer" beside its data, or leave it out':
    '{0} 的标签有自己的分类头，其他任务的增量不适用于它，请在其数据旁给出 "template" 和 "verbalizer"，或去掉它',
  'this experiment goes from one task to another; give at least two data sets':
    '这项实验从一个任务到另一个任务，请至少给出两个数据集',
  'a list of shares between 0 and 1': '介于 0 和 1 之间的占比列表',
  'Score on {0} before and after another task': '训练另一任务前后在 {0} 上的得分',
  Before: '之前',
  After: '之后',
  Change: '变化',
  'Score on {0} after another task': '训练另一任务后在 {0} 上的得分',
  "What another task does to the first one's score, best first: {0}.":
    '另一任务使第一个任务的得分变化，由好到差：{0}。',
  Retention: '保持',
  'Trained on with another task, how much of the first is lost?':
    '继续训练另一任务后，第一个任务会失去多少？',
  'Methods that change few parameters forget less.': '改动参数少的方法遗忘更少。',
  clean: '原文',
  'another domain': '另一领域',
  'typos in {0} % of words': '{0} % 的词有错字',
  '{0} % of words lost': '丢失 {0} % 的词',
  'Score on texts that are damaged, or of another domain': '文本受损或来自另一领域时的得分',
  "The runs of the first column, scored anew; means over tasks, with Student's 95 % interval over seeds.":
    '对第一列的运行重新评分；对任务取平均，附各种子间的学生 t 95 % 区间。',
  'Score against rows of each class to learn from': '得分随每类训练行数的变化',
  'rows a class': '每类行数',
  'What damage does to the score on average, best first: {0}.': '文本受损使得分平均变化，由好到差：{0}。',
  'With {0} rows a class: {1}.': '每类 {0} 行时：{1}。',
  Robustness: '稳健性',
  'What is left of a score when texts are damaged, of another domain, or few?':
    '文本受损、来自另一领域或数量很少时，得分还剩多少？',
  'Adapters are sturdier where there is little data.': '数据少时适配器更稳健。',
  "{0} of {1}: a source's delta on a target, as a share of the target's own score":
    '{1} 的 {0}：来源任务的增量直接用于目标任务，占目标自身得分的比例',
  "{0} of {1}: the target trained from a source's delta, as a share of the target's own score":
    '{1} 的 {0}：从来源任务的增量开始训练目标任务，占目标自身得分的比例',
  'Sources are rows, targets columns.': '行为来源，列为目标。',
  'As it is, within a kind': '直接使用，同类之内',
  'As it is, across kinds': '直接使用，不同类之间',
  'As a start, within a kind': '作为起点，同类之内',
  'As a start, across kinds': '作为起点，不同类之间',
  "Share of the target's own score, within and across kinds of task":
    '占目标自身得分的比例，同类之内与不同类之间',
  'Deltas transfer better within a kind, beyond chance over seeds.':
    '同类任务之间的迁移更好，就各种子而言超出偶然。',
  'Deltas transfer better across kinds, beyond chance over seeds.':
    '不同类任务之间的迁移更好，就各种子而言超出偶然。',
  'Whether deltas transfer better within a kind cannot be told.': '同类任务之间的迁移是否更好，看不出来。',
  'One seed leaves nothing to tell chance by; give three or more.':
    '只有一个种子，无从判断是否出于偶然；请给三个或更多。',
  'One seed cannot tell what of this is chance.': '单个种子无法判断其中哪些出于偶然。',
  'Above full fine-tuning beyond chance: {0}.': '高于全量微调，超出偶然：{0}。',
  'Below full fine-tuning beyond chance: {0}.': '低于全量微调，超出偶然：{0}。',
  'Not told apart from full fine-tuning: {0}.': '与全量微调无法区分：{0}。',
  "Passed on as it is, a delta reaches {0} of the target's own score within a kind and {1} across kinds (difference {2}).":
    '直接传递时，增量在同类之内达到目标自身得分的 {0}，在不同类之间达到 {1}（相差 {2}）。',
  'As a start it reaches {0} of what the target reaches by itself.': '作为起点时，达到目标自身得分的 {0}。',
  Transfer: '迁移',
  'Does what a delta has learned on one task serve another?': '增量在一个任务上学到的，对另一个任务有用吗？',
  'Within a kind of task deltas transfer well and across kinds poorly; from generation to sentiment more than one would expect.':
    '同类任务之间迁移良好，不同类之间较差；从生成到情感的迁移好于预期。',
  'Score against the dimension that trains': '得分随训练维数的变化',
  "Means over tasks; bands are 95 % intervals over seeds. A classifier's head trains beside the dimension.":
    '对任务取平均；色带是各种子间的 95 % 区间。分类头在这些维之外另行训练。',
  dimension: '维数',
  "Score by dimension, and as a share of full fine-tuning's": '各维数的得分，及其占全量微调得分的比例',
  Dimension: '维数',
  'Share of full': '占全量的比例',
  'The dimension that reaches {0} of full fine-tuning': '达到全量微调 {0} 的维数',
  'On the straight line over the logarithm of the dimension; mean over the tasks that reach it.':
    '在维数的对数上按直线计算；对达到的任务取平均。',
  'Tasks where the head alone does': '仅分类头即达到的任务',
  '{0}: on {1} of {2} tasks the head alone reaches {3} of full fine-tuning, so that they say nothing of the dimension.':
    '{0}：{2} 个任务中有 {1} 个仅靠分类头就达到全量微调的 {3}，因此看不出维数。',
  'Tasks that reach it': '达到的任务数',
  Tasks: '任务数',
  '{0}: no dimension that was tried reaches {1} of full fine-tuning.':
    '{0}：试过的维数都达不到全量微调的 {1}。',
  '{0}: about {1} dimensions reach {2} of full fine-tuning, on {3} of {4} tasks.':
    '{0}：约 {1} 维即达到全量微调的 {2}，{4} 个任务中有 {3} 个。',
  'Intrinsic dimension': '内在维数',
  'In how few dimensions can a task be learned, and does a larger model need fewer?':
    '一个任务用多少维就能学会？更大的模型是否需要更少？',
  'A low dimension suffices for most tasks, and the larger the model, the lower.':
    '多数任务只需很低的维数，模型越大所需越低。',
  '{0} ({1})': '{0}（{1}）',
  'A study is running; stop it first, what has ended is kept.':
    '一项研究正在进行，请先停止它；已完成的部分会保留。',
  'This browser window keeps no data, so a study cannot be kept here; use another window, or the command line.':
    '此浏览器窗口不保存数据，因此研究无法保存在这里；请换一个窗口，或使用命令行。',
  "The browser's storage takes no more of this study ({0}); make room, for example in the history, and start again: what has ended is kept.":
    '浏览器存储空间放不下这项研究的更多内容（{0}）；请腾出空间（例如在历史记录中），然后重新开始：已完成的部分会保留。',
  '{0} cannot run; leave it out of the study, or: {1}': '{0} 无法运行；请把它从研究中去掉，或者：{1}',
  '{0} and 1 more cell cannot run; leave them out of the study, or: {1}':
    '{0} 以及另外 1 个单元无法运行；请把它们从研究中去掉，或者：{1}',
  '{0} and {1} more cells cannot run; leave them out of the study, or: {2}':
    '{0} 以及另外 {1} 个单元无法运行；请把它们从研究中去掉，或者：{2}',
  'Planned with the texts of the first data set, {0}.': '按第一个数据集 {0} 的文本估算。',
  'it starts from {0}, which cannot run': '它从 {0} 开始，而那里无法运行',
  'it starts from {0}, which came to nothing': '它从 {0} 开始，而那里没有得到结果',
  '{0} is no data file of this page; choose it under the data of your own, or take a built-in task.':
    '{0} 不是本页的数据文件；请在你自己的数据中选择它，或使用内置任务。',
  'The model {0} is not open here; take a built-in one, or open it under Model of the comparison first.':
    '模型 {0} 没有在这里打开；请使用内置模型，或先在对比的“模型”中打开它。',
  'There is no built-in task {0}; choose one of those that are listed.':
    '没有内置任务 {0}；请从列出的任务中选择。',
  'Scores of {0} by task, one delta a task and one for all':
    '{0} 在各任务上的得分：每个任务一个增量，以及所有任务共用一个增量',
  'Scores by task, one delta a task and one for all':
    '各任务上的得分：每个任务一个增量，以及所有任务共用一个增量',
  'One delta for all tasks of {0}, against one a task': '{0}：所有任务共用一个增量，与每个任务一个增量相比',
  'One delta for all tasks, against one a task': '所有任务共用一个增量，与每个任务一个增量相比',
  '{0}, one for all': '{0}，共用一个',
  '{0}, one a task': '{0}，每个任务一个',
  "Means over seeds, with Student's 95 % interval. The one delta is trained in turns, so often that each task has the steps that it has alone.":
    '对种子取平均，附学生 t 95 % 区间。共用的增量由各任务轮流训练，使每个任务得到与单独训练时相同的步数。',
  'Means over tasks and seeds; the difference is of pairs of one task and seed, with its 95 % interval. Parameters are of all deltas and heads together.':
    '对任务和种子取平均；差取自同一任务、同一种子的配对，附 95 % 区间。参数数为所有增量与分类头之和。',
  Difference: '差',
  'One a task': '每个任务一个',
  'One for all': '共用一个',
  'Parameters, one a task': '参数数，每个任务一个',
  'Parameters, one for all': '参数数，共用一个',
  '{0}: one delta for all tasks and one a task cannot be told apart ({1} on average).':
    '{0}：共用一个增量与每个任务一个增量分不出高下（平均 {1}）。',
  '{0}: one delta for all tasks is better than one a task ({1} on average).':
    '{0}：共用一个增量优于每个任务一个增量（平均 {1}）。',
  '{0}: one delta for all tasks is worse than one a task ({1} on average).':
    '{0}：共用一个增量不如每个任务一个增量（平均 {1}）。',
  'Several tasks': '多个任务',
  'Does one delta serve several tasks as well as a delta for each, and does a fusion of these serve them better?':
    '一个增量能否像每个任务各用一个增量那样胜任多个任务？把这些增量融合起来是否更好？',
  'A fusion of one delta a task': '融合每个任务的增量',
  'A fusion of one delta a task, of {0}': '{0}：融合每个任务的增量',
  'Means over tasks and seeds; the difference is of pairs of one task and seed, with its 95 % interval. Each task has a fusion of its own over the adapters of all tasks, which stay as they were trained, heads aside. Parameters are of what is trained for all tasks together.':
    '对任务和种子取平均；差取自同一任务、同一种子的配对，附 95 % 区间。每个任务在所有任务的适配器之上各有一个融合；适配器保持训练后的样子，分类头除外。参数数为所有任务训练的参数之和。',
  'Adapters, one a task': '适配器，每个任务一个',
  '{0}, over the adapters of all tasks': '{0}，基于所有任务的适配器',
  "{0}: over the adapters of all tasks it cannot be told apart from each task's own adapter ({1} on average).":
    '{0}：基于所有任务的适配器时，与每个任务自己的适配器分不出高下（平均 {1}）。',
  "{0}: over the adapters of all tasks it is better than each task's own adapter ({1} on average).":
    '{0}：基于所有任务的适配器时，优于每个任务自己的适配器（平均 {1}）。',
  "{0}: over the adapters of all tasks it is worse than each task's own adapter ({1} on average).":
    '{0}：基于所有任务的适配器时，不如每个任务自己的适配器（平均 {1}）。',
  'The study did not measure this: it names serving many tasks with one model, a small delta for each, among what delta tuning is good for.':
    '研究没有测量这一点：它把“用一个模型服务许多任务，每个任务一个小增量”列为增量微调的用处之一。',
  'Optimisation: each method searches a subspace of its own, and what it leaves out shows as a lower score. Control: the model is a system of layers, the delta its controller; methods differ in where it may act.':
    '最优化的角度：每种方法在各自的子空间里搜索，被排除在外的部分表现为较低的得分。控制的角度：模型是由各层组成的系统，增量是控制器；各方法的差别在于它能作用在哪里。',
  'Optimisation: the same descent in fewer coordinates; how fast it goes says how well these are conditioned. Control: a controller that reaches every layer brings the output to its target in fewer steps than one at the input alone.':
    '最优化的角度：在较少的坐标里做同样的下降，速度说明这些坐标的条件好坏。控制的角度：能作用到每一层的控制器，比只作用在输入处的控制器用更少的步数把输出带到目标。',
  'Optimisation: only coordinates that are searched need gradients and moments. Control: the costate still runs back to the lowest layer with a controller, so activations are saved above it alone.':
    '最优化的角度：只有被搜索的坐标需要梯度和动量。控制的角度：协态仍要向后传到最低的受控层，因此只需保存它之上的激活。',
  'Optimisation: growing the subspace beyond the intrinsic dimension gains nothing. Control: more control of the same kind at the same place reaches the same states.':
    '最优化的角度：子空间超过本征维度之后再扩大也没有收获。控制的角度：在同一位置施加更多同类的控制，到达的仍是同样的状态。',
  'Optimisation: the joint space holds each of the others, so a loss in score is one of search and not of what can be reached. Control: several controllers act on one system, and may act against each other.':
    '最优化的角度：组合空间包含各个单独的空间，因此得分下降是搜索的问题，而不是可达性的问题。控制的角度：几个控制器作用于同一系统，可能互相抵消。',
  'Optimisation: coordinates searched block by block; the order matters where blocks interact. Control: each stage steers a system that the stage before has changed.':
    '最优化的角度：逐块搜索坐标；块之间有相互作用时次序才重要。控制的角度：每个阶段操纵的是前一阶段改变过的系统。',
  'Optimisation: a small subspace limits what can be fitted by heart, as a constraint does. Control: cheap controls leave the system near where it was, and so near what it knew.':
    '最优化的角度：小的子空间像约束一样，限制了能死记的内容。控制的角度：代价小的控制让系统留在原处附近，也就留在它已知的东西附近。',
  'Optimisation: larger models have more directions that lower the loss, so that a subspace of the same size holds a better point. Control: a deeper system can be steered with less.':
    '最优化的角度：模型越大，能降低损失的方向越多，同样大小的子空间里就有更好的点。控制的角度：越深的系统用越少的控制就能操纵。',
  'Optimisation: tasks whose subspaces overlap share good points. Control: a controller made for one target works on another where both ask for similar states.':
    '最优化的角度：子空间有重叠的任务共享好的点。控制的角度：为一个目标设计的控制器，在另一目标要求相似的状态时同样有效。',
  'Optimisation: the dimension in which a random subspace first holds a good point; it is what makes small deltas possible. Control: how little control reaches the target at all.':
    '最优化的角度：随机子空间首次包含好的点时的维度，正是它使小增量成为可能。控制的角度：要到达目标至少需要多少控制。',
  'Optimisation: few coordinates moved leave the loss of the old task near its minimum. Control: the frozen system is what every controller finds again.':
    '最优化的角度：只移动少数坐标，旧任务的损失便仍在最小值附近。控制的角度：冻结的系统是每个控制器都能再次找到的。',
  'Optimisation: a point that was reached with few coordinates lies in a wide basin or beside it, and damage to the input shows which. Control: feedback that acts at every layer corrects disturbances of the input; one at the input is disturbed with it.':
    '最优化的角度：用少数坐标到达的点或在宽的盆地里，或在其旁边，对输入的损坏会显示是哪一种。控制的角度：作用于每一层的反馈能纠正输入的扰动；只作用于输入的会一同受扰。',
  'Optimisation: one subspace has to hold a good point for the sum of the losses. Control: one controller for several targets, against one for each.':
    '最优化的角度：一个子空间要包含对损失之和都好的点。控制的角度：一个控制器对应多个目标，与每个目标一个控制器相比。',
  'As optimisation and as control': '从最优化和控制的角度',
  'Loss around full fine-tuning of {0} on {1}': '{0} 在 {1} 上全量微调周围的损失',
  'Columns go along the delta: 0 is the start, 1 what was learned. Rows go along a random direction, filter by filter as long as the delta (after Li et al. 2018). Mean loss of held-out rows.':
    '列沿增量方向：0 是起点，1 是学到的结果。行沿一个随机方向，其每个滤波器的长度与增量相同（参照 Li 等，2018）。数值为留出行的平均损失。',
  'Loss along the delta and along a random direction, {0} on {1}': '沿增量与沿随机方向的损失，{0} 在 {1} 上',
  'The random line goes through what was learned, which is at 0 on it.':
    '随机方向的线经过学到的结果，该处为 0。',
  'lengths of the delta': '增量长度的倍数',
  'Along the delta the loss of held-out rows changes by {0}; from there, as far along a random direction, by {1} (means over {2} surfaces).':
    '沿增量方向，留出行的损失变化 {0}；从那里沿随机方向走同样的距离，变化 {1}（{2} 个曲面的平均）。',
  "Principal angles between LoRA's deltas of two tasks, {0}": '两个任务的 LoRA 增量之间的主角，{0}',
  'Of what each delta adds to the outputs of a layer, means over the layers. Overlap is the mean square of the cosines: 1 for the same subspace.':
    '比较每个增量加到各层输出上的子空间，取各层的平均。重叠是余弦平方的平均：子空间相同时为 1。',
  Task: '任务',
  loss: '损失',
  Another: '另一个',
  'Smallest angle in degrees': '最小主角（度）',
  Overlap: '重叠',
  'Overlap by chance': '随机时的重叠',
  "LoRA's deltas of two tasks overlap by {0}, random subspaces by {1} (means over {2} pairs).":
    '两个任务的 LoRA 增量重叠 {0}，随机子空间重叠 {1}（{2} 对的平均）。',
  'Masked-token loss of {0}, in nats': '{0} 的遮蔽词损失（纳特）',
  "How well a masked word of the first task's held-out texts is still guessed: the loss that the model was pretrained on, with the first seed. Untuned it is {0}.":
    '第一个任务留出文本中被遮蔽的词还能猜得多准：这是模型预训练时的损失，取第一个种子。未调时为 {0}。',
  'After the first task': '第一个任务之后',
  'After another from there': '再学另一个任务之后',
  'Change to untuned': '相对未调的变化',
  'What both tasks do to the masked-token loss, least first: {0}.':
    '两个任务对遮蔽词损失的影响，从小到大：{0}。',
  '{0} has no word that could be masked; leave it out': '{0} 没有可以遮蔽的词；请去掉它',
  none: '无',
  '{0} · {1}': '{0} · {1}',
  '{0} {1}': '{0} {1}',
  '{0}-shot': '每类 {0} 行',
  'beside {0}': '与 {0} 相比',
  'as trained on {0}': '照 {0} 上训练的原样',
  'on from {0}': '接着 {0}',
  '1 delta': '一个增量',
  'seed {0}': '种子 {0}',
  surface: '损失曲面',
  angles: '夹角',
  'masked tokens': '遮盖词元',
  '{0} {1} → {2}': '{0} {1} → {2}',
  '{0} {1} – {2}': '{0} {1} – {2}',
  '{0} ({1}{2})': '{0}（{1}{2}）',
  delta: '增量',
  'random direction': '随机方向',
} satisfies Table;
