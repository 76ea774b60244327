import { Controller, Get, Header, Res } from '@nestjs/common';
import { HealthChecks, Metrics } from '@strongroom/platform';
import { BundleService } from '../bundle/bundle.service.js';
import type { HttpReply } from '../http/http-request.js';
import { LivenessService } from '../liveness/liveness.service.js';
import { GatewayMetrics } from '../metrics/gateway-metrics.js';

@Controller()
export class HealthHttp {
  constructor(
    private readonly checks: HealthChecks,
    private readonly metrics: Metrics,
    private readonly gatewayMetrics: GatewayMetrics,
    private readonly bundles: BundleService,
    private readonly liveness: LivenessService,
  ) {}

  /** Whether this process can serve. A fleet with too few nodes is shown and is no failure of the gateway. */
  @Get('health')
  @Header('cache-control', 'no-store')
  async health(@Res({ passthrough: true }) reply: HttpReply): Promise<object> {
    const report = await this.checks.report();
    reply.code(report.status === 'ok' ? 200 : 503);
    return { ...report, bundleEpoch: this.bundles.epoch, fleets: this.liveness.health() };
  }

  @Get('metrics')
  @Header('cache-control', 'no-store')
  async prometheus(@Res({ passthrough: true }) reply: HttpReply): Promise<string> {
    this.gatewayMetrics.live(this.liveness.health());
    const { body, contentType } = await this.metrics.text();
    reply.header('content-type', contentType);
    return body;
  }
}
