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
};
