import type { VNode } from 'preact';
import { rangeName, type TreeNode, type TreePicture } from '../picture/tree-picture.js';

const LEVEL = 64;
const SIDE = 128;
const MIDDLE = 194;
const WIDE = 120;
const MARGIN = 34;

/** The leaf at the bottom, the root at the top; left and right of the way the hashes that the proof carries. */
export function TreeView({ picture }: { picture: TreePicture }): VNode {
  const levels = Math.max(...picture.nodes.map(({ level }) => level));
  const height = levels * LEVEL + 2 * MARGIN;
  const at = ({ level, side }: Pick<TreeNode, 'level' | 'side'>): readonly [number, number] => [
    MIDDLE + side * SIDE,
    height - MARGIN - level * LEVEL,
  ];
  const edges = picture.nodes.filter(({ level, role }) => role === 'sibling' || level < levels);
  const said = `Entry ${picture.index} of ${picture.size}: the way from the leaf to the root takes ${levels} hashes and ${picture.meets ? 'ends' : 'does not end'} in the root that was signed.`;
  return (
    <figure class="tree">
      <svg viewBox={`0 0 ${2 * MIDDLE} ${height}`} role="img" aria-label={said} style={{ maxHeight: `${height}px` }}>
        {edges.map((node) => {
          const [x, y] = at(node);
          const [px, py] = at({ level: node.level + 1, side: 0 });
          return (
            <path
              key={keyOf(node)}
              class={`edge ${node.role}`}
              d={`M${x},${y} C${x},${y - LEVEL / 2} ${px},${py + LEVEL / 2} ${px},${py}`}
            />
          );
        })}
        {picture.nodes.map((node) => (
          <Node key={keyOf(node)} node={node} at={at(node)} meets={picture.meets} />
        ))}
      </svg>
      <figcaption>{said}</figcaption>
    </figure>
  );
}

function Node({ node, at: [x, y], meets }: { node: TreeNode; at: readonly [number, number]; meets: boolean }): VNode {
  const { role, range, hash } = node;
  const tone = role === 'root' ? (meets ? 'meets' : 'misses') : '';
  return (
    <g class={`node ${role} ${tone}`}>
      <title>{hash}</title>
      <rect x={x - WIDE / 2} y={y - 20} width={WIDE} height={40} rx={9} />
      <text x={x} y={y - 4}>
        {role === 'leaf' || role === 'root' ? `${role} ${rangeName(range)}` : rangeName(range)}
      </text>
      <text x={x} y={y + 12} class="hash">
        {hash.slice(0, 12)}…
      </text>
    </g>
  );
}

function keyOf({ role, range }: TreeNode): string {
  return `${role} ${range.from} ${range.to}`;
}
