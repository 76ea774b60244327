import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { enrolmentList, enrolmentSubmit } from '@strongroom/contracts';
import { Bus, OperatorGate } from '@strongroom/platform';
import { viewOf } from './enrolment.js';
import { EnrolmentService } from './enrolment.service.js';

@Injectable()
export class EnrolmentDoor implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly operators: OperatorGate,
    private readonly enrolments: EnrolmentService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.bus.serve(enrolmentSubmit, async ({ statement }) => ({ digest: await this.enrolments.submit(statement) }));
    await this.bus.serve(enrolmentList, async ({ operatorToken }) => {
      await this.operators.demand(operatorToken);
      return { enrolments: (await this.enrolments.list()).map(viewOf) };
    });
  }
}
