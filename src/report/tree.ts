import { displayWidth } from '../lib/terminal-text.ts';
import { block, type Look, type Tone } from './look.ts';

export interface TreeNode {
  readonly lines: readonly { readonly text: string; readonly tone: Tone }[];
  readonly children: readonly TreeNode[];
}

/**
 * Nodes below one another, as lines no wider than the terminal. Where a chain is so deep that it would
 * leave no room for words, the deeper levels stop moving to the right.
 */
export function drawTree(look: Look, root: TreeNode, indent = 2): string[] {
  const start = ' '.repeat(indent);
  return draw(look, root, { own: start, below: start });
}

interface Prefix {
  readonly own: string;
  readonly below: string;
}

function draw(look: Look, node: TreeNode, { own, below }: Prefix): string[] {
  const { pipe, gap, branch, last } = look.glyphs;
  const rest = node.children.length > 0 ? below + pipe : below;
  const mine = node.lines.flatMap(({ text, tone }, at) =>
    block(look, text, { first: at === 0 ? own : rest, rest, tone }),
  );
  const room = displayWidth(below) + 6 <= look.width / 2;
  return [
    ...mine,
    ...node.children.flatMap((child, at) => {
      const isLast = at === node.children.length - 1;
      const deeper = room ? below : below.slice(0, -3);
      return draw(look, child, {
        own: deeper + (isLast ? last : branch),
        below: deeper + (isLast ? gap : pipe),
      });
    }),
  ];
}
