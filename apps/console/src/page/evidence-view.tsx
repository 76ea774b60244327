import type { VNode } from 'preact';
import type { JudgedDeployment } from '../evidence/judge-deployment.js';
import { CheckList, Chip } from './check-list.js';

/** What a deployment statement says, after what of it could be checked. The environment stands first. */
export function EvidenceView({ judged: { checks, page } }: { judged: JudgedDeployment }): VNode {
  return (
    <>
      {page && (
        <p class="environment">
          <Chip tone={page.environment === 'hsm' ? 'good' : 'open'}>environment {page.environment}</Chip> {page.environmentMeans}
        </p>
      )}
      <CheckList name="Checks of the deployment statement" rows={checks} />
      {page && (
        <dl class="facts">
          {page.facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {page?.tables.map(({ title, note, head, rows }) => (
        <details key={title} class="statement-part">
          <summary>
            {title} <span class="count">{rows.length}</span>
          </summary>
          {note !== undefined && <p class="hint">{note}</p>}
          <div class="wide" tabIndex={0} role="region" aria-label={title}>
            <table>
              <thead>
                <tr>
                  {head.map((cell) => (
                    <th key={cell} scope="col">
                      {cell}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row, i) => (
                  <tr key={i}>
                    {row.map((cell, j) => (
                      <td key={j}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ))}
    </>
  );
}
