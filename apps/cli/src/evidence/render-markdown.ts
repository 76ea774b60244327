import type { DeploymentPage, PageTable } from '@strongroom/transparency';

/** The page in Markdown, complete in itself. */
export function renderMarkdown(page: DeploymentPage): string {
  const parts = [
    `# ${escaped(page.title)}`,
    `**environment ${page.environment}**: ${page.environmentMeans}`,
    ...(page.sample
      ? ['> This is a sample from a trial on one machine, where one party had every role. It proves nothing about any vault.']
      : []),
    page.facts.map(([name, value]) => `- ${name}: ${codeOf(value)}`).join('\n'),
    ...page.tables.filter(({ rows }) => rows.length > 0).map(tableOf),
    `## Check it yourself\n\nWith the trust root that your application ships with; nothing else here has to be believed.\n\n\`\`\`sh\n${page.commands.join('\n')}\n\`\`\``,
  ];
  return `${parts.join('\n\n')}\n`;
}

function tableOf({ title, note, head, rows }: PageTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map(codeOf)));
  return [
    `## ${escaped(title)}`,
    '',
    ...(note === undefined ? [] : [escaped(note), '']),
    line(head),
    line(head.map(() => '---')),
    ...body,
  ].join('\n');
}

/** Digests and keys as code; everything else as text that is no markup. */
function codeOf(value: string): string {
  return /^(?:sha256:)?[0-9a-f]{40,}$/.test(value) ? `\`${value}\`` : escaped(value);
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`);
}
