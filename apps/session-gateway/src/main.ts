import {
  Bus,
  DEVELOPMENT_ISSUER,
  JoseTokenVerifier,
  PlatformModule,
  readTrustRoot,
  runService,
  type Log,
  type StartedService,
} from '@strongroom/platform';
import { Module } from '@nestjs/common';
import { ConsolePages } from './console/console-pages.js';
import { readConfig, type GatewayConfig } from './config.js';
import { DEADLINE_MS } from './fleet/fleet-settings.js';
import { GatewayBus } from './fleet/gateway-bus.js';
import { GatewayModule } from './gateway.module.js';
import { createServer } from './http/server.js';
import type { WebhookTarget } from './webhook/webhook.service.js';
import { readWebhookSecret } from './webhook/webhook-secret.js';

const NAME = 'session-gateway';

/** The gateway's part of the bus is the bus itself. */
@Module({ providers: [{ provide: GatewayBus, useExisting: Bus }], exports: [GatewayBus] })
class GatewayBusModule {}

async function start(log: Log): Promise<StartedService> {
  const config = readConfig(process.env);
  const platform = PlatformModule.forRoot({
    service: NAME,
    log,
    natsUrl: config.NATS_URL,
    natsNkeyFile: config.NATS_NKEY_FILE,
    health: { port: 0, host: config.HOST },
  });
  const gateway = GatewayModule.forRoot(await settingsOf(config), [platform, GatewayBusModule]);
  const app = await createServer(gateway, { trustProxy: config.TRUST_PROXY, corsOrigins: config.CORS_ORIGINS }, log);
  await app.listen(config.PORT, config.HOST);
  return { app, ready: { url: await app.getUrl() } };
}

async function settingsOf(config: GatewayConfig): Promise<Parameters<typeof GatewayModule.forRoot>[0]> {
  const usesDevelopmentIssuer = config.TOKEN_ISSUERS.some(({ issuer }) => issuer === DEVELOPMENT_ISSUER);
  return {
    trustRoot: await readTrustRoot(config),
    tokens: new JoseTokenVerifier(config.TOKEN_ISSUERS, config.NODE_ENV),
    patience: { hedgeMs: config.HEDGE_DELAY_MS, deadlineMs: DEADLINE_MS },
    rateLimits: {
      accountPerMinute: config.RATE_LIMIT_ACCOUNT_PER_MINUTE,
      addressPerMinute: config.RATE_LIMIT_ADDRESS_PER_MINUTE,
    },
    developmentTokens: usesDevelopmentIssuer && config.NODE_ENV !== 'production',
    webhook: await webhookOf(config),
    console: config.CONSOLE_DIR === undefined ? undefined : await ConsolePages.read(config.CONSOLE_DIR),
  };
}

async function webhookOf({ WEBHOOK_URL: url, WEBHOOK_SECRET_FILE: file }: GatewayConfig): Promise<WebhookTarget['target']> {
  return url === undefined || file === undefined ? null : { url, secret: await readWebhookSecret(file) };
}

await runService(NAME, start);
