export { emptyRoot, leafHash, nodeHash } from './tree/tree-hash.js';
export { treeRoot } from './tree/tree-root.js';
export { inclusionPath, rootFromInclusionPath, verifyInclusion } from './tree/inclusion-path.js';
