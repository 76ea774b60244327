import type { DeploymentPage, PageTable } from '@strongroom/transparency';

const STYLE = `
:root{--ink:#16202b;--dim:#5b6875;--line:#d9e0e6;--paper:#fff;--wash:#f4f7f9;--warn:#a13d00;--warn-wash:#fff3e8;--good:#0b6b43;--good-wash:#e9f7f0}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa7b4;--line:#2b3641;--paper:#0f151b;--wash:#161e26;--warn:#ffb27a;--warn-wash:#2c1a0c;--good:#7fe0b4;--good-wash:#0d2a1e}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:70rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 1.2rem}
h2{font-size:1.15rem;margin:2.6rem 0 .4rem}
p{margin:.3rem 0 .8rem;max-width:60rem}
.banner{border-left:6px solid;border-radius:6px;padding:.8rem 1.1rem;margin:0 0 1rem}
.software,.sample{border-color:var(--warn);background:var(--warn-wash)}
.hsm{border-color:var(--good);background:var(--good-wash)}
.banner strong{display:block;font-size:1.15rem}
.software strong{color:var(--warn)}.hsm strong{color:var(--good)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.4rem;background:var(--wash);border-radius:8px;padding:1rem 1.2rem;margin:1.2rem 0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.86rem}
th{text-align:left;color:var(--dim);font-weight:600;background:var(--wash)}
th,td{padding:.5rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
code,pre{font:0.82rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
td code{display:inline-block;max-width:19rem;overflow-wrap:anywhere}
pre{background:var(--wash);border:1px solid var(--line);border-radius:8px;padding:1rem;overflow-x:auto}
.note{color:var(--dim);font-size:.9rem;overflow-wrap:anywhere}
`;

/** The page in one file of HTML: no script, no font, nothing that is fetched. Every word from the statement is escaped. */
export function renderHtml(page: DeploymentPage): string {
  const sample = page.sample
    ? '<div class="banner sample"><strong>A sample</strong>From a trial on one machine, where one party had every role. It proves nothing about any vault.</div>'
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<div class="banner ${page.environment}"><strong>environment ${page.environment}</strong>${escaped(page.environmentMeans)}</div>
${sample}
<h1>${escaped(page.title)}</h1>
<dl>
${page.facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${cell(value)}</dd>`).join('\n')}
</dl>
${page.tables
  .filter(({ rows }) => rows.length > 0)
  .map(tableOf)
  .join('\n')}
<h2>Check it yourself</h2>
<p>With the trust root that your application ships with; nothing else here has to be believed.</p>
<pre>${escaped(page.commands.join('\n'))}</pre>
</main>
</body>
</html>
`;
}

function tableOf({ title, note, head, rows }: PageTable): string {
  return `<h2>${escaped(title)}</h2>
${note === undefined ? '' : `<p class="note">${escaped(note)}</p>`}
<div class="scroll"><table>
<thead><tr>${head.map((each) => `<th>${escaped(each)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((each) => `<td>${cell(each)}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table></div>`;
}

function cell(value: string): string {
  return /^(?:sha256:)?[0-9a-f]{40,}$/.test(value) ? `<code>${value}</code>` : escaped(value);
}

function escaped(text: string): string {
  const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => named[character] ?? '');
}
