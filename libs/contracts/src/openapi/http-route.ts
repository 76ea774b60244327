import type { z } from 'zod';
import type { ErrorCode } from '@strongroom/protocol';
import type { BUNDLE_HEADER, PROOF_HEADER } from '../session-gateway/index.js';

/** One route of the gateway, as the OpenAPI document and its test see it. */
export interface HttpRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: 'recovery' | 'records' | 'fleet' | 'operator' | 'development' | 'service';
  readonly summary: string;
  /** Who may call: anyone, the holder of an account token, or of one with the role operator. */
  readonly caller: 'anyone' | 'account' | 'operator';
  readonly parameters: Readonly<Record<string, z.ZodType>>;
  readonly headers: readonly (typeof BUNDLE_HEADER | typeof PROOF_HEADER)[];
  readonly request: z.ZodType | undefined;
  readonly status: 200 | 201;
  /** A schema, or the media type of a text. */
  readonly response: z.ZodType | string;
  /** Beyond those that every route of its caller can give. */
  readonly errors: readonly ErrorCode[];
}

/** What a route has none of. */
export const none = { parameters: {}, headers: [], request: undefined, status: 200, errors: [] } as const;
