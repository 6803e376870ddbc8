/** Texts of the model step, in English. */
export const modelStep = {
  builtinHelp: 'Built in; M: million parameters',
  builtin: {
    'bert-l3-h96': 'BERT, 1.2 M',
    'bert-l4-h128': 'BERT, 1.9 M',
    'bert-l4-h256': 'BERT, 7.5 M',
    't5-l3-h64': 'T5, 1.3 M',
    't5-l3-h128': 'T5, 3.3 M',
    't5-l3-h256': 'T5, 8.9 M',
  } as Record<string, string>,
  writes: 'writes text',
  hub: 'Model on the Hugging Face hub',
  hubPlaceholder: 'owner/name or owner/name@revision',
  hubLoad: 'Load',
  hubHelp: 'A repository with an ONNX export. It is kept in this browser.',
  endpoint: 'Address of the hub or a mirror',
  endpointMore: 'Another address',
  downloading: (file: string, loaded: string, total: string) => `${file}: ${loaded} of ${total}`,
  cancel: 'Cancel',
  inside: 'Inside the model',
  insideHelp:
    'Layers that are alike stand folded into one. A dot: a ticked method trains all of it; a ring: a part of it; a square: it stays as it is, and the method adds tensors beside it. Choose a method to see it alone.',
  touched: {
    whole: (runs: string) => `Trained by ${runs}.`,
    part: (runs: string) => `Trained in part by ${runs}.`,
    beside: (runs: string) => `Frozen, with an addition beside it, by ${runs}.`,
  },
  trainsTensors: (tensors: string) => `trains ${tensors} of the model’s tensors`,
  addsTensors: (tensors: string, numbers: string) => `and adds ${tensors} (${numbers} numbers)`,
  added: 'Added:',
};
