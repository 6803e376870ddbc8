/** Texts of the model step, in English. */
export const modelStep = {
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
    'Layers that are alike stand folded into one. A dot marks what a ticked method trains of it, a ring a part of it.',
  trainedBy: (runs: string) => `Trained by ${runs}`,
};
