import { isProof, MAX_ENVELOPE_BYTES } from '@strongroom/transparency';

/** What a person may drop on the page or paste into it. */
export type DroppedKind = 'trust-root' | 'bundle' | 'deployment';

/** The largest of them; nothing longer is read. */
export const MAX_DROPPED_BYTES = MAX_ENVELOPE_BYTES;

/** Which of them a text claims to be, by its first look alone; its own parser judges it. `undefined` for none. */
export function kindOf(text: string): DroppedKind | undefined {
  if (isProof(text)) return 'bundle';
  if (/^\S+\/fleet-keys\/v1\n/.test(text)) return 'bundle';
  if (!text.startsWith('{')) return undefined;
  if (/"format":\s*"strongroom\/trust-root\//.test(text)) return 'trust-root';
  if (/"payloadType":/.test(text)) return 'deployment';
  return undefined;
}

/** A gateway's answer has the text in JSON; a file saved from it is taken as what it holds. */
export function unwrapped(text: string): string {
  const found = /^\s*\{/.test(text) ? inner(text) : undefined;
  return found ?? text;
}

function inner(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return undefined;
    const value: unknown = Reflect.get(answer, 'note') ?? Reflect.get(answer, 'envelope');
    return typeof value === 'string' ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
