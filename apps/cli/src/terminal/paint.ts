export type Style = 'good' | 'bad' | 'dim' | 'strong';

const CODES: Readonly<Record<Style, readonly [number, number]>> = { good: [32, 39], bad: [31, 39], dim: [2, 22], strong: [1, 22] };

/** ANSI styling; the caller knows whether the stream takes it. */
export function paint(style: Style, text: string): string {
  const [on, off] = CODES[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
