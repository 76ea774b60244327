import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

type Props = {
  readonly name: string;
  readonly text: string;
  /** What is copied, where that is more than the text. */
  readonly copied?: string;
  readonly copy: (text: string) => Promise<void>;
};

/** Text that is made to be taken elsewhere. */
export function Copyable({ name, text, copied = text, copy }: Props): VNode {
  const [state, setState] = useState<'' | 'copied' | 'select it and copy by hand'>('');
  const onClick = (): void =>
    void copy(copied).then(
      () => setState('copied'),
      () => setState('select it and copy by hand'),
    );
  return (
    <div class="copyable">
      <span class="label">{name}</span>
      <code>{text}</code>
      <button type="button" class="quiet" aria-label={`Copy the ${name}`} onClick={onClick}>
        Copy
      </button>
      <span class="said" role="status">
        {state}
      </span>
    </div>
  );
}
