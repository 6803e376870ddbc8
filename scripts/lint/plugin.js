/** What oxlint loads of ours. */
import layers from './layers.js';
import nominal from './nominal.js';

export default { meta: { name: 'delta' }, rules: { layers, nominal } };
