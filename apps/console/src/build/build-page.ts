import { createHash } from 'node:crypto';
import { build } from 'vite';

export type BuiltPage = {
  /** Complete: script and style are inside. */
  readonly html: string;
  /** Its Content-Security-Policy, which names the hashes of both. A `meta` cannot say `frame-ancestors`: whoever serves it adds that. */
  readonly policy: string;
};

export type PageParts = {
  /** The compiled entry point. */
  readonly entry: string;
  readonly style: string;
  /** With an empty policy, an empty style and an empty script in it. */
  readonly template: string;
};

/** One file that needs no other: what is inline is allowed by its hash, and nothing else runs. */
export async function buildPage({ entry, style, template }: PageParts): Promise<BuiltPage> {
  const script = await bundled(entry);
  const policy = policyOf(script, style);
  const withPolicy = filled(template, '<meta http-equiv="Content-Security-Policy" content="', policy, '" />');
  const withStyle = filled(withPolicy, '<style>', style, '</style>');
  return { html: filled(withStyle, '<script type="module">', script, '</script>'), policy };
}

/** Where a pair of tags stands empty, the text between them. @throws Error unless there is exactly one such place */
function filled(html: string, before: string, text: string, after: string): string {
  const [head, tail, ...more] = html.split(`${before}${after}`);
  if (head === undefined || tail === undefined || more.length > 0) throw new Error(`the template has no single empty ${before}`);
  return `${head}${before}${text}${after}${tail}`;
}

/** It asks the addresses that a person gives it, hence any of http and https; it loads nothing. */
function policyOf(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    // The widths of bars are set through the style object, which a policy does not forbid.
    `style-src '${hashOf(style)}'`,
    'connect-src http: https:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

async function bundled(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: { write: false, target: 'es2022', modulePreload: false, rollupOptions: { input: entry, output: { format: 'es' } } },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('the bundler built nothing');
  const chunks = output.output.filter((part) => part.type === 'chunk');
  const [chunk, ...more] = chunks;
  if (!chunk || more.length > 0) throw new Error('the page is not one script');
  // Inside HTML, the text `</script` would end the script.
  return chunk.code.replaceAll('</script', '<\\/script').trim();
}
