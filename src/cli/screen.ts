import type { Terminal } from './spec.ts';

/** How text may be drawn. */
export interface Screen {
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

/** Colours and boxes only where somebody sees them; https://no-color.org. */
export function screenOf(terminal: Terminal | undefined): Screen {
  const env = terminal?.env ?? {};
  const isTerminal = terminal?.stdout.isTTY === true;
  const columns = Number(env['COLUMNS']) || terminal?.stdout.columns || 100;
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const forced = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return {
    width: Math.max(40, Math.min(columns, 160)),
    colour: !plain && (isTerminal || forced),
    unicode: !isTerminal || /utf-?8/i.test(locale),
  };
}
