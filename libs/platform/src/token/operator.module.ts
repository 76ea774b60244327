import { Module, type DynamicModule } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { OperatorGate } from './operator-gate.js';
import type { TokenIssuer } from './token-issuer.js';
import { JoseTokenVerifier } from './token-verifier.js';

/** The gate that every operator's request passes. Needs PlatformModule. */
@Module({})
export class OperatorModule {
  /** @throws Error when NODE_ENV is production and an issuer uses the public development key */
  static forRoot(issuers: readonly TokenIssuer[], nodeEnv: string): DynamicModule {
    const verifier = new JoseTokenVerifier(issuers, nodeEnv);
    const gate = { provide: OperatorGate, useFactory: (clock: Clock) => new OperatorGate(verifier, clock), inject: [Clock] };
    return { module: OperatorModule, global: true, providers: [gate], exports: [OperatorGate] };
  }
}
