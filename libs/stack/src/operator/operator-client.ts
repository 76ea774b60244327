import { bundleResponse, createFleetRequest, enrolmentsResponse, fleetsResponse, fleetView, healthResponse } from '@strongroom/contracts';
import { z } from 'zod';

export type Enrolment = z.infer<typeof enrolmentsResponse>['enrolments'][number];
export type FleetRequest = z.infer<typeof createFleetRequest>;
export type FleetView = z.infer<typeof fleetView>;
export type BundleView = z.infer<typeof bundleResponse>;
export type GatewayHealth = z.infer<typeof healthResponse>;

export interface OperatorAccess {
  /** As in `http://127.0.0.1:8480`. */
  readonly gatewayUrl: string;
  /** Asked before every request, so that it may renew. */
  readonly token: () => Promise<string>;
}

const REQUEST_TIMEOUT_MS = 12_000;
const problem = z.object({ code: z.string().optional(), title: z.string().optional(), detail: z.string().optional() });

/** The gateway said no. */
export class OperatorRequestError extends Error {
  override readonly name = 'OperatorRequestError';
  constructor(
    message: string,
    readonly status: number,
    /** As in the error table of the contracts, if the answer named one. */
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

/** What `deployFleet` needs of it. */
export type Operator = Pick<OperatorClient, 'enrolments' | 'fleets' | 'createFleet' | 'proposeBundle' | 'bundle' | 'health'>;

/** The operator's side of the gateway: enrolments, fleets, bundles. */
export class OperatorClient {
  constructor(private readonly access: OperatorAccess) {}

  async enrolments(): Promise<readonly Enrolment[]> {
    return (await this.ask('GET', '/v1/operator/enrolments', enrolmentsResponse)).enrolments;
  }

  async fleets(): Promise<readonly FleetView[]> {
    return (await this.ask('GET', '/v1/operator/fleets', fleetsResponse)).fleets;
  }

  createFleet(request: FleetRequest): Promise<FleetView> {
    return this.ask('POST', '/v1/operator/fleets', fleetView, request);
  }

  replaceNode(fleetId: string, node: number, member: string): Promise<FleetView> {
    return this.ask('PUT', `/v1/operator/fleets/${fleetId}/nodes/${node}`, fleetView, { member });
  }

  refreshFleet(fleetId: string): Promise<FleetView> {
    return this.ask('POST', `/v1/operator/fleets/${fleetId}/refresh`, fleetView, {});
  }

  proposeBundle(): Promise<BundleView> {
    return this.ask('POST', '/v1/operator/bundles', bundleResponse, {});
  }

  /** Undefined before the first bundle. */
  async bundle(): Promise<BundleView | undefined> {
    try {
      return await this.ask('GET', '/v1/fleet-bundle', bundleResponse);
    } catch (error) {
      if (error instanceof OperatorRequestError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Also when it is not well. */
  async health(): Promise<GatewayHealth> {
    const response = await fetch(new URL('/health', this.access.gatewayUrl), { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    return healthResponse.parse(await response.json());
  }

  private async ask<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const response = await fetch(new URL(path, this.access.gatewayUrl), {
      method,
      headers: {
        authorization: `Bearer ${await this.access.token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return schema.parse(JSON.parse(text));
    const { code, title, detail } = problemOf(text);
    throw new OperatorRequestError(
      `${method} ${path}: ${response.status} ${detail ?? title ?? code ?? ''}`.trimEnd(),
      response.status,
      code,
    );
  }
}

function problemOf(text: string): z.infer<typeof problem> {
  try {
    return problem.parse(JSON.parse(text));
  } catch {
    return {}; // an answer from something between us and the gateway: its status says enough
  }
}
