import { safeText } from '../lib/terminal-text.ts';

/** What GitHub and others turn into links or mentions even where nothing is marked up. */
const linked = /:\/\/|www\.|@|#\d|mailto:|xmpp:/i;
const special = /[\\`*_[\]|~$]/g;
const entities: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/**
 * Foreign text as Markdown that shows it and does nothing else: no markup, no HTML, no link. Words
 * that a renderer would link by itself stand in code spans, where none does.
 */
export function escapeMarkdown(text: string): string {
  const escaped = safeText(text, 2000).trim().split(' ').map(escapeWord).join(' ');
  // At its beginning a text could be a heading, a quote, a list or a rule.
  return escaped.replace(/^[#+=-]/, '\\$&').replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

function escapeWord(word: string): string {
  if (linked.test(word)) return codeSpan(word);
  return word.replaceAll(special, '\\$&').replaceAll(/[&<>]/g, (char) => entities[char] ?? char);
}

/** Text within backticks, however many it has itself. Not for tables: GFM splits those first. */
export function codeSpan(text: string): string {
  const safe = safeText(text, 2000);
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(safe) || safe === '' ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** Commands to copy, in a fence that none of them can close. */
export function codeBlock(commands: readonly string[]): string[] {
  if (commands.length === 0) return [];
  const lines = commands.map((command) => safeText(command, 4000));
  const longest = Math.max(
    2,
    ...lines.flatMap((e) => [...e.matchAll(/`+/g)].map(([r]) => r.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return ['', `${fence}sh`, ...lines, fence, ''];
}
