import type { ComponentChildren, VNode } from 'preact';
import type { LookedAt } from '../judge/looked-at.js';

export type CheckRow = {
  readonly number?: number;
  readonly check: string;
  readonly outcome: string;
  readonly saw: string;
  readonly looked?: readonly LookedAt[];
};

const TONES: Readonly<Record<string, string>> = { ok: 'good', FAIL: 'bad', failed: 'bad', unwitnessed: 'open', skipped: 'open' };

/** One line a check; behind it, the bytes that it looked at. */
export function CheckList({ name, rows }: { name: string; rows: readonly CheckRow[] }): VNode {
  return (
    <ol class="checks" aria-label={name}>
      {rows.map((row) => (
        <li key={row.check} data-check={row.check} data-outcome={row.outcome}>
          {row.looked && row.looked.length > 0 ? (
            <details>
              <summary>
                <Line {...row} />
              </summary>
              {row.looked.map(({ from, text }) => (
                <figure key={from}>
                  <figcaption>{from}</figcaption>
                  <pre>{text}</pre>
                </figure>
              ))}
            </details>
          ) : (
            <div class="plain">
              <Line {...row} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function Line({ number, check, outcome, saw }: CheckRow): VNode {
  return (
    <>
      <Chip tone={TONES[outcome] ?? 'dim'}>{outcome}</Chip>
      <span class="check">
        {number === undefined ? '' : <span class="number">{number}</span>} {check}
      </span>
      <span class="saw">{saw}</span>
    </>
  );
}

export function Chip({ tone, children }: { tone: string; children: ComponentChildren }): VNode {
  return <span class={`chip ${tone}`}>{children}</span>;
}
