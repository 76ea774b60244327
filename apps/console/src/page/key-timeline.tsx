import type { VNode } from 'preact';
import type { KeySpan } from '../picture/key-spans.js';

/** A bar for each key, from the epoch that announced it to the one that no longer did. */
export function KeyTimeline({ spans, epochs }: { spans: readonly KeySpan[]; epochs: number }): VNode {
  const share = (count: number): string => `${(100 * count) / Math.max(1, epochs)}%`;
  return (
    <table class="timeline">
      <caption>
        Epoch 1 to {epochs}. A bar ends where a bundle no longer announced the key; keys that are announced today reach the right edge.
      </caption>
      <thead>
        <tr>
          <th scope="col">member</th>
          <th scope="col">identity key</th>
          <th scope="col">epochs</th>
        </tr>
      </thead>
      <tbody>
        {spans.map(({ fleetId, index, identityKey, from, until }) => (
          <tr key={`${identityKey} ${from}`} data-open={until === undefined}>
            <th scope="row">
              {fleetId}-{index}
            </th>
            <td>
              <code title={identityKey}>{identityKey.slice(0, 16)}…</code>
            </td>
            <td>
              <div class="track">
                <div
                  class={`bar ${until === undefined ? 'open' : 'closed'}`}
                  style={{ marginLeft: share(from - 1), width: share((until ?? epochs + 1) - from) }}
                />
              </div>
              <span class="span-words">{until === undefined ? `since ${from}` : `${from} to ${until - 1}`}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
