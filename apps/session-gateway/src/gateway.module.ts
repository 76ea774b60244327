import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { TokenVerifier } from '@strongroom/platform';
import type { TrustRoot } from '@strongroom/transparency';
import { AttemptsHttp } from './attempts/attempts.http.js';
import { AttemptsService } from './attempts/attempts.service.js';
import { ConfirmService } from './attempts/confirm.service.js';
import { BundleFollowers } from './bundle/bundle-followers.js';
import { BundleHttp } from './bundle/bundle.http.js';
import { BundleFollower, BundleService, GatewayTrust } from './bundle/bundle.service.js';
import { ConsoleHttp } from './console/console.http.js';
import { ConsolePages } from './console/console-pages.js';
import { DeploymentHttp } from './deployment/deployment.http.js';
import { PossessionHttp } from './possession/possession.http.js';
import { DevelopmentIssuerHttp } from './development-issuer/development-issuer.http.js';
import { FleetSettings } from './fleet/fleet-settings.js';
import type { Patience } from './fleet/waiting.js';
import { HealthHttp } from './health/health.http.js';
import { LiveHttp } from './live/live.http.js';
import { LiveService } from './live/live.service.js';
import { LivenessService } from './liveness/liveness.service.js';
import { GatewayMetrics } from './metrics/gateway-metrics.js';
import { OperatorHttp } from './operator/operator.http.js';
import { OperatorService } from './operator/operator.service.js';
import { RateLimits, type RateLimitSettings } from './rate-limit/rate-limits.js';
import { EntriesService } from './records/entries.service.js';
import { HistoryService } from './records/history.service.js';
import { OwnerQuestions } from './records/owner-questions.js';
import { RecordsHttp } from './records/records.http.js';
import { RecordsService } from './records/records.service.js';
import { StatusService } from './records/status.service.js';
import { WebhookService, WebhookTarget } from './webhook/webhook.service.js';

export interface GatewaySettings {
  readonly trustRoot: TrustRoot;
  readonly tokens: TokenVerifier;
  readonly patience: Patience;
  readonly rateLimits: RateLimitSettings;
  /** Whether anyone may have a token: never in production. */
  readonly developmentTokens: boolean;
  /** None unless given. */
  readonly webhook?: WebhookTarget['target'];
  /** None unless given. */
  readonly console?: ConsolePages | undefined;
}

/** Everything of the gateway but its surroundings: Log, Clock, Metrics, HealthChecks and GatewayBus come from `surroundings`. */
@Module({})
export class GatewayModule {
  static forRoot(settings: GatewaySettings, surroundings: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: GatewayModule,
      imports: surroundings,
      controllers: [
        AttemptsHttp,
        RecordsHttp,
        BundleHttp,
        DeploymentHttp,
        PossessionHttp,
        OperatorHttp,
        LiveHttp,
        HealthHttp,
        ConsoleHttp,
        ...(settings.developmentTokens ? [DevelopmentIssuerHttp] : []),
      ],
      providers: [
        { provide: GatewayTrust, useValue: { root: settings.trustRoot } },
        { provide: ConsolePages, useValue: settings.console ?? ConsolePages.none() },
        { provide: TokenVerifier, useValue: settings.tokens },
        { provide: FleetSettings, useValue: { patience: settings.patience } },
        { provide: RateLimits, useFactory: () => new RateLimits(settings.rateLimits) },
        { provide: WebhookTarget, useValue: { target: settings.webhook ?? null } },
        {
          provide: BundleFollower,
          useFactory: (...followers: BundleFollower[]) => new BundleFollowers(followers),
          inject: [LivenessService, WebhookService],
        },
        WebhookService,
        LivenessService,
        LiveService,
        BundleService,
        AttemptsService,
        ConfirmService,
        RecordsService,
        EntriesService,
        OwnerQuestions,
        StatusService,
        HistoryService,
        OperatorService,
        GatewayMetrics,
      ],
    };
  }
}
