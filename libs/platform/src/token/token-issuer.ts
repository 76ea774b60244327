import { z } from 'zod';
import { DEVELOPMENT_ISSUER, DEVELOPMENT_PUBLIC_JWK, TOKEN_AUDIENCE } from './development-issuer.js';

/** A public key only: a private one in a configuration is a leak, so it is refused. */
const publicJwk = z
  .looseObject({ kty: z.enum(['OKP', 'EC', 'RSA']), kid: z.string().optional() })
  .refine((jwk) => !('d' in jwk), { error: 'holds a private key' });

const tokenIssuerSchema = z
  .strictObject({
    issuer: z.string().min(1).max(1024),
    audience: z.string().min(1).default(TOKEN_AUDIENCE),
    jwks: z.strictObject({ keys: z.array(publicJwk).min(1) }).optional(),
    jwksUrl: z.url({ protocol: /^https?$/ }).optional(),
  })
  .refine((issuer) => (issuer.jwks === undefined) !== (issuer.jwksUrl === undefined), {
    error: 'needs either jwks or jwksUrl',
  });

/** Who may issue account and operator tokens, and the keys they sign with. */
export type TokenIssuer = Readonly<z.infer<typeof tokenIssuerSchema>>;

const issuersSchema = z
  .array(tokenIssuerSchema)
  .min(1)
  .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length, { error: 'names an issuer twice' });

const DEVELOPMENT: readonly TokenIssuer[] = [
  { issuer: DEVELOPMENT_ISSUER, audience: TOKEN_AUDIENCE, jwks: { keys: [{ ...DEVELOPMENT_PUBLIC_JWK, kty: 'OKP' }] } },
];

/** The value of TOKEN_ISSUERS: `development`, or a JSON array. @throws Error with every reason and no value */
export function parseTokenIssuers(text: string): readonly TokenIssuer[] {
  if (text === 'development') return DEVELOPMENT;
  const result = issuersSchema.safeParse(json(text));
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()).join('; '));
}

/**
 * Refuses what would open a production vault to everybody: the public development key under any name, and keys
 * fetched without TLS. @throws Error
 */
export function refuseDevelopmentKeys(issuers: readonly TokenIssuer[]): void {
  for (const { issuer, jwks, jwksUrl } of issuers) {
    const usesPublicKey = jwks?.keys.some((key) => key['x'] === DEVELOPMENT_PUBLIC_JWK.x) === true;
    if (issuer === DEVELOPMENT_ISSUER || usesPublicKey) throw new Error('the development issuer is refused in production');
    if (jwksUrl?.startsWith('http:') === true) throw new Error(`the keys of ${issuer} must come over https in production`);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('is neither "development" nor JSON', { cause });
  }
}
